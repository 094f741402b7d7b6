"""What faults, findings and transports say, read out of the code: every text that is given to one, and whatever reads
as a sentence, with a numbered hole for each value in it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

CODE = Path(__file__).parent.parent.parent / "chalicelib"
# Of each kind, the places of its texts among what it is made of; hints go by their name. `found` and `add` make a
# Finding and a Caution.
PLACES: Mapping[str, tuple[int, ...]] = {
    "Invalid": (2,),
    **dict.fromkeys(("NotFound", "Conflict", "Forbidden", "TooLarge", "Crowded"), (0,)),
    **dict.fromkeys(("Finding", "found"), (3, 4)),
    "Caution": (1, 2),
    "add": (2, 3),
    "Actor": (2,),
}
NAMED = ("mend", "hint", "message")
# What these are given says what is wrong with the code, and nobody sees it on a page.
UNSEEN = frozenset(("ValueError", "TypeError", "RuntimeError", "KeyError", "compile", "warning", "info", "exception"))
SENTENCE = re.compile(r"(?:\W{0,2}[A-Z]|\{0\}).*\s.*(?:[.?…]|[.?] ?\{\d\}|: \{\d\})", re.DOTALL)
LONGEST = 400


@cache
def by_file() -> Mapping[str, frozenset[str]]:
    """Templates by the file of the code, as `work/members.py`."""
    found = {path: frozenset(_of_file(path)) for path in sorted(CODE.rglob("*.py"))}
    return {path.relative_to(CODE).as_posix(): texts for path, texts in found.items() if texts}


def _of_file(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for text in (*_given(tree), *_sentences(tree)):
        yield text.strip()


def _sentences(tree: ast.Module) -> Iterator[str]:
    """Whatever reads as one, its holes those of an f-string or of `str.format`; docstrings are none."""
    unseen = {id(each) for node in ast.walk(tree) for each in _unseen(node)}
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        texts = [_as_template(each) for each in parts]
        text = _numbered("".join(texts)) if isinstance(node, ast.JoinedStr | ast.Constant) else ""
        if len(text) < LONGEST and SENTENCE.fullmatch(text):
            yield text


def _unseen(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from node.values
    elif isinstance(node, ast.Call) and _name(node) in UNSEEN:
        for each in (*node.args, *(keyword.value for keyword in node.keywords)):
            yield from ast.walk(each)


def _as_template(part: ast.AST) -> str:
    if not isinstance(part, ast.Constant):
        return "\0"
    return part.value.replace("{", "{{").replace("}", "}}").replace("{{}}", "\0") if isinstance(part.value, str) else ""


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def _given(tree: ast.Module) -> Iterator[str]:
    module = Module(tree)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = _name(call)
        given = [each for place, each in enumerate(call.args) if place in PLACES.get(name, ())]
        if name in PLACES:
            given += [each.value for each in call.keywords if each.arg in NAMED]
        for text in given:
            yield from module.texts(text)


class Module:
    def __init__(self, tree: ast.Module) -> None:
        self._assigned: dict[str, list[ast.expr]] = {}
        for each in ast.walk(tree):
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                self._assigned.setdefault(each.targets[0].id, []).append(each.value)
            elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value is not None:
                self._assigned.setdefault(each.target.id, []).append(each.value)

    def texts(self, given: ast.expr) -> Iterator[str]:
        """Each text that this may be. What says nothing of its own (a hole alone) is none."""
        for text in self._texts(given):
            numbered = _numbered(text)
            if any(each.isalpha() for each in numbered):
                yield numbered

    def _texts(self, given: ast.expr) -> Iterator[str]:
        match given:
            case ast.Constant(value=str(text)):
                yield text.replace("{", "{{").replace("}", "}}")
            case ast.JoinedStr(values=values):
                yield "".join(map(self._part, values))
            case ast.IfExp(body=one, orelse=other):
                yield from (*self._texts(one), *self._texts(other))
            case ast.BoolOp(values=values):
                for each in values:
                    yield from self._texts(each)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from (f"{one}{other}" for one in self._texts(left) for other in self._texts(right))
            case _:
                yield from self._named(given)

    def _named(self, given: ast.expr) -> Iterator[str]:
        """What a name stands for in its file: a text, or a table of texts of which one is taken; or a cut text."""
        match given:
            case ast.Subscript(value=ast.Name(id=name)):
                tables = [each for table in self._assigned.get(name, ()) for each in ast.walk(table)]
                texts = [value for each in tables if isinstance(each, ast.Dict) for value in each.values]
            case ast.Subscript(value=text):
                texts = [text]
            case ast.Name(id=name):
                texts = [each for each in self._assigned.get(name, ()) if not isinstance(each, ast.Name)]
            case _:
                texts = []
        for each in texts:
            yield from self._texts(each)

    def _part(self, part: ast.expr) -> str:
        if isinstance(part, ast.Constant):
            return str(part.value).replace("{", "{{").replace("}", "}}")
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) and part.value.id.isupper():
            constants = [each.value for each in self._assigned.get(part.value.id, ()) if isinstance(each, ast.Constant)]
            if len(constants) == 1 and isinstance(constants[0], str):
                return constants[0].replace("{", "{{").replace("}", "}}")
        return "\0"


def _numbered(text: str) -> str:
    first, *rest = text.split("\0")
    return first + "".join(f"{{{number}}}{each}" for number, each in enumerate(rest))


@cache
def templates() -> frozenset[str]:
    return frozenset().union(*by_file().values())
