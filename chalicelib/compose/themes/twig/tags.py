"""Twig's tags as Jinja2's: each gives the parts that stand in its place, without their braces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from chalicelib.compose.themes.twig.expression import Parser, Scope


class Tags:
    """One file. `loops` is how many `{% for %}` are open; `outside` the names that were set outside of any."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.scope = Scope()
        self.loops = 0
        self.outside: set[str] = set()

    def if_(self, parser: Parser) -> Iterator[str]:
        yield f"if {parser.expression()}"

    def elseif(self, parser: Parser) -> Iterator[str]:
        yield f"elif {parser.expression()}"

    def for_(self, parser: Parser) -> Iterator[str]:
        """Twig's loops go over the values of a hash, and over keys and values where two names are given."""
        first = parser.name("A name is expected behind for.")
        second = parser.name("A name is expected behind the comma.") if parser.takes(",") else ""
        parser.needs("in", "The word in is expected here: {% for item in items %}.")
        over = parser.expression()
        only = f" if {parser.expression()}" if parser.takes("if") else ""
        self.loops += 1
        names, function = (f"{first}, {second}", "_pairs") if second else (first, "_values")
        yield f"for {names} in {function}({over}){only}"

    def endfor(self, parser: Parser) -> Iterator[str]:  # noqa: ARG002  # as every tag
        self.loops -= 1
        yield "endfor"

    def set_(self, parser: Parser) -> Iterator[str]:
        names = [self._target(parser)]
        while parser.takes(","):
            names.append(self._target(parser))
        if not parser.takes("="):
            yield f"set {names[0]}"
            return
        values = [parser.expression()]
        while parser.takes(","):
            values.append(parser.expression())
        if len(names) != len(values):
            raise parser.refusal("There are as many values as names: {% set a, b = 1, 2 %}.", ", ".join(names))
        yield f"set {', '.join(names)} = {', '.join(values)}"

    def block(self, parser: Parser) -> Iterator[str]:
        name = parser.name("A block's name is expected here.")
        yield f"block {name} scoped"
        if parser.token.kind != "end":
            yield f"{{{{ {parser.expression()}|printed }}}}"
            yield "endblock"

    def extends(self, parser: Parser) -> Iterator[str]:
        yield f"extends {parser.expression()}"

    def include(self, parser: Parser) -> Iterator[str]:
        file = parser.expression()
        missing = " ignore missing" if parser.takes("ignore", "missing") else ""
        values = _values(parser) if parser.takes("with") else ""
        alone = " without context" if parser.takes("only") else ""
        if values and alone:
            raise parser.refusal("Not with values and only at once: leave out only.", "only")
        if values:
            yield f"with {values}"
        yield f"include {file}{missing}{alone}"
        if values:
            yield "endwith"

    def with_(self, parser: Parser) -> Iterator[str]:
        yield f"with {_values(parser)}"

    def macro(self, parser: Parser) -> Iterator[str]:
        name = parser.name("A macro's name is expected here.")
        self.scope.macros.add(name)
        parser.needs("(", "A macro's parameters are expected in brackets: {% macro name(a, b) %}.")
        parameters = []
        while not parser.takes(")"):
            parameter = parser.name("A parameter's name is expected here.")
            default = parser.expression() if parser.takes("=") else "none"
            parameters.append(f"{parameter}={default}")
            if not parser.sees(")"):
                parser.needs(",", "A , or ) is expected here.")
        yield f"macro {name}({', '.join(parameters)})"

    def import_(self, parser: Parser) -> Iterator[str]:
        here = parser.takes("_self")
        file = "" if here else parser.expression()
        parser.needs("as", "A name is expected: {% import 'html/parts.html.twig' as parts %}.")
        alias = parser.name("A name is expected behind as.")
        self.scope.imports[alias] = file
        if not here:
            yield f"import {file} as {alias}"

    def from_(self, parser: Parser) -> Iterator[str]:
        if parser.sees("_self"):
            raise parser.refusal("This file's macros are called by {% import _self as parts %} and parts.name(...).")
        file = parser.expression()
        parser.needs("import", "The word import is expected here.")
        names = [self._imported(parser)]
        while parser.takes(","):
            names.append(self._imported(parser))
        yield f"from {file} import {', '.join(names)}"

    def apply(self, parser: Parser) -> Iterator[str]:
        yield f"filter {parser.filters()}"

    def autoescape(self, parser: Parser) -> Iterator[str]:
        off = parser.takes("false")
        if not off and parser.token.kind == "string" and parser.token.text != "html":
            raise parser.refusal("Only HTML's escaping is taken: {% autoescape 'html' %}, or false.")
        if not off and parser.token.kind != "end":
            parser.next()
        yield f"autoescape {'false' if off else 'true'}"

    def trans(self, parser: Parser) -> Iterator[str]:
        """A theme has one language: its texts go out as they stand."""
        if parser.token.kind != "end":
            raise parser.refusal("Only {% trans %} without anything else is taken: print values with {{ }}.")
        yield from ()

    def _target(self, parser: Parser) -> str:
        name = parser.name("A name is expected behind set.")
        if name.startswith("_"):
            raise parser.refusal("Names that begin with _ are Twig's own: use another.", name)
        if self.loops and name in self.outside:
            mend = "What is set inside a loop is gone behind it: use another name, or a filter (join, length, merge)."
            raise parser.refusal(mend, name)
        if not self.loops:
            self.outside.add(name)
        return name

    def _imported(self, parser: Parser) -> str:
        name = parser.name("A macro's name is expected here.")
        alias = parser.name("A name is expected behind as.") if parser.takes("as") else name
        self.scope.macros.add(alias)
        return name if alias == name else f"{name} as {alias}"


def _values(parser: Parser) -> str:
    found = parser.pairs()
    for key, _ in found:
        if not key[1:-1].isidentifier():
            raise parser.refusal("Names are expected in a with: {name: value}.", key)
    return ", ".join(f"{key[1:-1]}={value}" for key, value in found)


def _same(word: str) -> Callable[[Tags, Parser], Iterator[str]]:
    def tag(_: Tags, parser: Parser) -> Iterator[str]:
        if parser.token.kind == "name":
            parser.next()
        yield word

    return tag


def _nothing(_: Tags, __: Parser) -> Iterator[str]:
    yield from ()


def _spaceless(_: Tags, __: Parser) -> Iterator[str]:
    yield "filter spaceless"


TAGS: Mapping[str, Callable[[Tags, Parser], Iterator[str]]] = MappingProxyType(
    {
        "if": Tags.if_,
        "elseif": Tags.elseif,
        "else": _same("else"),
        "endif": _same("endif"),
        "for": Tags.for_,
        "endfor": Tags.endfor,
        "set": Tags.set_,
        "endset": _same("endset"),
        "block": Tags.block,
        "endblock": _same("endblock"),
        "extends": Tags.extends,
        "include": Tags.include,
        "with": Tags.with_,
        "endwith": _same("endwith"),
        "macro": Tags.macro,
        "endmacro": _same("endmacro"),
        "import": Tags.import_,
        "from": Tags.from_,
        "apply": Tags.apply,
        "endapply": _same("endfilter"),
        "filter": Tags.apply,
        "endfilter": _same("endfilter"),
        "spaceless": _spaceless,
        "endspaceless": _same("endfilter"),
        "autoescape": Tags.autoescape,
        "endautoescape": _same("endautoescape"),
        "trans": Tags.trans,
        "endtrans": _nothing,
    }
)
