"""One theme's Jinja2: its files, its values, its limits. Loaded in the child process alone."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import BaseLoader, ChainableUndefined, Template, TemplateNotFound, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from chalicelib.compose.themes.layout import within
from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.twig import runtime
from chalicelib.compose.themes.twig.template import jinja_of

Value = Any  # whatever a theme's values hold

# What Mautic hands to every theme, and where it has no meaning here, nothing.
GIVEN: Mapping[str, Value] = {
    "basePath": "",
    "content": "",
    "lang": "en",
    "outputHeadDeclarations": "",
    "slots": [],
    "subject": "{subject}",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One rendering. `files` are the theme's texts by path, `assets` the public addresses of its pictures."""

    files: Mapping[str, str]
    entry: str
    template: str
    values: Mapping[str, Value]
    assets: Mapping[str, str]
    now: str
    most: int


@dataclass
class Rendered:
    """`values` are what the theme takes, with its defaults; cautions are (file, line, message, mend)."""

    text: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    cautions: list[tuple[str, int, str, str]] = field(default_factory=list)


class Data(ImmutableSandboxedEnvironment):
    """Twig's values are data: `a.b` is an item of a hash, `a.0` of a list; no attribute of a Python object."""

    def getitem(self, obj: Value, argument: Value) -> Value:
        if isinstance(obj, LoopContext):
            return getattr(obj, argument) if argument in LOOP else self.undefined(obj=obj, name=argument)
        if isinstance(obj, Mapping | list | tuple | str | Undefined):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=obj, name=argument)


class Files(BaseLoader):
    """The theme's own files, by the names that Mautic's themes use; each translated when it is asked for."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.read: dict[str, str] = {}

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Any]:  # noqa: ANN401, ARG002  # Jinja2's
        path = within(template, self._asked.template)
        source = self._asked.files.get(path)
        if source is None:
            raise TemplateNotFound(template)
        self.read[path] = jinja_of(path, source) if path.endswith(".twig") else source
        return self.read[path], path, None


LOOP = frozenset({"first", "index", "index0", "last", "length", "revindex", "revindex0"})


def rendered(asked: Asked) -> Rendered:
    """Raises Refusal, and whatever the limits of the process bring."""
    found, files = Rendered(), Files(asked)
    environment = _environment(asked, files, found)
    try:
        template = environment.get_template(asked.entry)
        found.text = _text(template, asked)
    except TemplateSyntaxError as why:
        raise Refusal(
            why.filename or asked.entry, why.lineno, why.name or "the tag", f"{str(why.message).rstrip('.')}."
        ) from None
    except (TemplateRuntimeError, TemplateNotFound, SecurityError, *BROKEN) as why:
        raise _refusal(why, asked) from None
    _look_over(environment, files, asked, found)
    return found


# What an expression raises on values of the wrong kind.
BROKEN = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


def _text(template: Template, asked: Asked) -> str:
    parts, size = [], 0
    for part in template.generate({**GIVEN, "template": asked.template, **asked.values}):
        size += len(part.encode())
        if size > asked.most:
            raise Refusal(asked.entry, 0, f"more than {asked.most} bytes", f"An e-mail has at most {asked.most} bytes.")
        parts.append(part)
    return "".join(parts)


def _environment(asked: Asked, files: Files, found: Rendered) -> Data:
    environment = Data(
        loader=files,
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters = {name: JINJA_FILTERS[name] for name in runtime.TAKEN} | dict(runtime.FILTERS)
    environment.filters["php_date"] = runtime.dated(datetime.fromisoformat(asked.now))
    environment.tests = {name: JINJA_TESTS[name] for name in runtime.TAKEN_TESTS} | dict(runtime.TESTS)
    environment.globals = {**runtime.FUNCTIONS, "_asset": _asset(asked, found)}
    return environment


def _asset(asked: Asked, found: Rendered) -> Any:  # noqa: ANN401  # a function of a template
    def address(path: Value, *_: Value) -> str:
        name = within(str(path), asked.template)
        if name.endswith(".css") and name in asked.files:
            return name
        if name not in asked.assets:
            mend = "Put it into the theme as .png, .jpg or .gif, or write its address."
            found.cautions.append((asked.entry, 0, f"{name} is no picture of this theme.", mend))
            return str(path)
        return asked.assets[name]

    return address


def _refusal(why: Exception, asked: Asked) -> Refusal:
    """The place is the last of the theme's files in the traceback: Jinja2 puts templates' names and lines there."""
    places = [each for each in traceback.extract_tb(why.__traceback__) if each.filename in asked.files]
    file, line = (places[-1].filename, places[-1].lineno or 0) if places else (asked.entry, 0)
    if isinstance(why, TemplateNotFound):
        shown = str(why.name)
        return Refusal(file, line, shown, "There is no such file in the theme: put it in, or take the tag out.")
    return Refusal(file, line, str(why)[:100] or type(why).__name__, _mend(why))


def _mend(why: Exception) -> str:
    if isinstance(why, runtime.Unfit):
        return why.mend
    if isinstance(why, ZeroDivisionError):
        return "Nothing is divided by zero: ask before, {% if number %}."
    return "Jinja2 stopped here: check the kinds of values."


def _look_over(environment: Data, files: Files, asked: Asked, found: Rendered) -> None:
    """What the theme takes, and what it asked for and did not get. What one of its files sets, the others see."""
    trees = {file: environment.parse(source, file) for file, source in files.read.items()}
    for tree in trees.values():
        found.values |= {name: value for name, value in _defaults(tree).items() if name not in found.values}
    made = set().union(*map(_made, trees.values())) | found.values.keys() | environment.globals.keys() | GIVEN.keys()
    for file, tree in trees.items():
        for name in sorted(find_undeclared_variables(tree) - made - found.values.keys()):
            found.values[name] = None
            if name not in asked.values and name not in _tested(tree):
                message = f"{{{{ {name} }}}} has no value, and the theme no default: it stays empty."
                found.cautions.append((file, _line(tree, name), message, f"Give {name} in values."))


def _tested(tree: nodes.Template) -> set[str]:
    """Names that the theme itself asks after: `is defined`, `{% if name %}`."""
    asked = [each.node for each in tree.find_all(nodes.Test)] + [each.test for each in tree.find_all(nodes.If)]
    return {each.name for each in asked if isinstance(each, nodes.Name)}


def _defaults(tree: nodes.Template) -> dict[str, Value]:
    """`name|default(constant)`: the value that is taken where none is given."""
    found: dict[str, Value] = {}
    for each in tree.find_all(nodes.Filter):
        if each.name == "default" and isinstance(each.node, nodes.Name):
            try:
                found.setdefault(each.node.name, each.args[0].as_const() if each.args else "")
            except nodes.Impossible:
                found.setdefault(each.node.name, None)
    return found


def _made(tree: nodes.Template) -> set[str]:
    """Names that the file makes itself: a block does not see in its own tree that they are set outside of it."""
    made = {"template", "loop"} | {each.name for each in tree.find_all(nodes.Name) if each.ctx in ("store", "param")}
    made |= {each.target for each in tree.find_all(nodes.Import)} | {each.name for each in tree.find_all(nodes.Macro)}
    imported = (name for each in tree.find_all(nodes.FromImport) for name in each.names)
    return made | {name if isinstance(name, str) else name[1] for name in imported}


def _line(tree: nodes.Template, name: str) -> int:
    return min((each.lineno for each in tree.find_all(nodes.Name) if each.name == name), default=0)
