"""Twig's expressions as Jinja2's, every part in brackets of its own, so that precedence is Twig's.

There are no method calls: Twig's values are data, and `'x'.center(10**9)` is refused where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.twig.lexer import Token
from chalicelib.compose.themes.twig.reader import Reader
from chalicelib.compose.themes.twig.words import (
    FILTERS,
    FROM_RIGHT,
    FUNCTIONS,
    NOT,
    OPERATORS,
    SIGNED,
    TESTS,
    mend_for,
)

DEEPEST = 60
_CONSTANTS = {"true": "true", "false": "false", "null": "none", "none": "none"}
_TWO_WORDS = {"not": "in", "starts": "with", "ends": "with"}
_IS = 100


@dataclass
class Scope:
    """What is known in one file: macros by their own name, and the aliases of imported files ("" for this file)."""

    macros: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)


class Parser(Reader):
    """Reads expressions among the tokens of one print or tag."""

    def __init__(self, file: str, tokens: Sequence[Token], scope: Scope) -> None:
        super().__init__(file, tokens)
        self.scope = scope
        self._depth = 0

    def expression(self) -> str:
        """One whole expression, the ternary operator the loosest."""
        self._deeper()
        value = self._binary(0)
        if self.takes("?:"):
            value = f"({value} or {self.expression()})"
        elif self.takes("?"):
            yes = self.expression()
            no = self.expression() if self.takes(":") else "''"
            value = f"({yes} if {value} else {no})"
        if self.sees("=>"):
            raise self.refusal("Arrow functions are not taken: write a {% for %}.")
        self._depth -= 1
        return value

    def filters(self) -> str:
        """`name(arguments)|name ...`: without the value, as {% apply %} has them."""
        found = [self._filter()]
        while self.takes("|"):
            found.append(self._filter())
        return "|".join(found)

    def pairs(self) -> list[tuple[str, str]]:
        """A hash `{name: value}`: keys as Jinja2's expressions."""
        self.needs("{", "A hash is expected here: {name: value}.")
        found = []
        while not self.takes("}"):
            key = self._key()
            self.needs(":", "A : and a value are expected behind a hash's key.")
            found.append((key, self.expression()))
            if not self.sees("}"):
                self.needs(",", "A , or } is expected here.")
        return found

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.refusal(f"It is nested more than {DEEPEST} deep: work it out in steps, with {{% set %}}.")

    def _binary(self, least: int) -> str:
        value = self._unary()
        while True:
            if self.sees("is"):
                if least > _IS:
                    return value
                value = self._test(value)
                continue
            operator = self._operator()
            if operator is None or OPERATORS[operator][0] < least:
                return value
            self._at += len(operator.split())
            tightness, form = OPERATORS[operator]
            right = self._binary(tightness if operator in FROM_RIGHT else tightness + 1)
            value = form.format(value, right)

    def _operator(self) -> str | None:
        token = self.token
        if token.kind not in ("name", "sign"):
            return None
        two = _TWO_WORDS.get(token.text)
        if two and self.sees(token.text, two):
            return f"{token.text} {two}"
        if token.text in ("matches", "xor", "<=>", "===", "!=="):
            raise self.refusal(f"The operator {token.text} is not taken: write it with ==, in, starts with, and, or.")
        return token.text if token.text in OPERATORS else None

    def _test(self, value: str) -> str:
        self.needs("is", "")
        negated = "is not" if self.takes("not") else "is"
        name = self.name("A test's name is expected behind is.")
        if name in ("same", "divisible") and self.token.kind == "name":
            name = f"{name} {self.next().text}"
        if name not in TESTS:
            raise self.refusal(mend_for("test", name, TESTS), name)
        arguments = self._arguments() if self.sees("(") else ""
        return f"({value} {negated} {TESTS[name]}{arguments})"

    def _unary(self) -> str:
        for sign, tightness in (("not", NOT), ("-", SIGNED), ("+", SIGNED)):
            if self.takes(sign):
                self._deeper()
                value = f"({sign} {self._binary(tightness)})"
                self._depth -= 1
                return value
        return self._postfix(self._primary())

    def _primary(self) -> str:
        token = self.next()
        if token.kind == "number":
            return token.text
        if token.kind == "string":
            return repr(token.text)
        if token.kind == "name":
            return self._named(token)
        inside = _BRACKETS.get(token.text)
        if inside is None:
            self._at -= token.kind != "end"
            raise self.refusal("A value is expected here: a name, a text in quotes, a number, a list or a hash.")
        return inside(self)

    def _named(self, token: Token) -> str:
        name = token.text
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in self.scope.imports or name == "_self":
            return self._imported(name)
        if name.startswith("_"):
            raise Refusal(self.file, token.line, name, "Names that begin with _ are Twig's own: use another.")
        if not self.sees("("):
            return name
        if name in self.scope.macros:
            return name + self._arguments()
        special = _SPECIAL.get(name)
        if special:
            return special(self)
        if name not in FUNCTIONS:
            raise Refusal(self.file, token.line, name, mend_for("function", name, FUNCTIONS))
        return FUNCTIONS[name] + self._arguments()

    def _imported(self, alias: str) -> str:
        """`alias.macro(...)`; the macros of this file have no alias in Jinja2."""
        self.needs(".", f"A macro's name is expected: {alias}.name(...).")
        macro = self.name("A macro's name is expected here.")
        if not self.sees("("):
            raise self.refusal(f"A macro is called: {alias}.{macro}(...).")
        here = alias == "_self" or not self.scope.imports[alias]
        return (macro if here else f"{alias}.{macro}") + self._arguments()

    def _postfix(self, value: str) -> str:
        while True:
            if self.takes("."):
                value = self._attribute(value)
            elif self.takes("["):
                value = self._item(value)
            elif self.takes("|"):
                value = f"({value}|{self._filter()})"
            elif self.sees("("):
                raise self.refusal("Values have no methods here: use a filter, such as name|upper.")
            else:
                return value

    def _filter(self) -> str:
        name = self.name("A filter's name is expected here.")
        if name not in FILTERS:
            raise self.refusal(mend_for("filter", name, FILTERS), name)
        return FILTERS[name] + (self._arguments() if self.sees("(") else "")

    def _attribute(self, value: str) -> str:
        token = self.next()
        if token.kind not in ("name", "number") or (value, token.text) == ("loop", "parent"):
            raise Refusal(self.file, token.line, token.text, "A key's name is expected behind the point.")
        return f"{value}[{token.text if token.kind == 'number' else repr(token.text)}]"

    def _item(self, value: str) -> str:
        if self.takes(":"):
            return self._slice(value, "0")
        first = self.expression()
        if self.takes(":"):
            return self._slice(value, first)
        self.needs("]", "A ] is expected here.")
        return f"{value}[{first}]"

    def _slice(self, value: str, start: str) -> str:
        """Twig's `[start:length]`."""
        length = "none" if self.sees("]") else self.expression()
        self.needs("]", "A ] is expected here.")
        return f"({value}|cut({start}, {length}))"

    def _arguments(self) -> str:
        self.needs("(", "Arguments in brackets are expected here.")
        found = []
        while not self.takes(")"):
            named = self.token.kind == "name" and self._tokens[self._at + 1].text in ("=", ":")
            prefix = f"{self.next().text}=" if named else ""
            if named:
                self.next()
            found.append(prefix + self.expression())
            if not self.sees(")"):
                self.needs(",", "A , or ) is expected here.")
        return f"({', '.join(found)})"

    def _key(self) -> str:
        token = self.next()
        if token.kind in ("name", "string"):
            return repr(token.text)
        if token.kind == "number":
            return token.text
        if token.text == "(":
            return self._bracketed()
        raise Refusal(self.file, token.line, token.text, "A hash's key is expected here: a name or a text in quotes.")

    def _bracketed(self) -> str:
        value = self.expression()
        self.needs(")", "A ) is expected here.")
        return f"({value})"

    def _list(self) -> str:
        found = []
        while not self.takes("]"):
            found.append(self.expression())
            if not self.sees("]"):
                self.needs(",", "A , or ] is expected here.")
        return f"[{', '.join(found)}]"

    def _hash(self) -> str:
        self._at -= 1
        return f"{{{', '.join(f'{key}: {value}' for key, value in self.pairs())}}}"

    def _parent(self) -> str:
        self.needs("(", "")
        self.needs(")", "parent() takes nothing.")
        return "super()"

    def _block(self) -> str:
        self.needs("(", "")
        name = self.string("A block's name in quotes is expected here: block('title').")
        self.needs(")", "Only a block's name is taken: block('title').")
        if not name.isidentifier():
            raise self.refusal("A block's name has letters, digits and _.", name)
        return f"self.{name}()"


_BRACKETS: dict[str, Callable[[Parser], str]] = {
    "(": Parser._bracketed,  # noqa: SLF001  # the class's own table
    "[": Parser._list,  # noqa: SLF001
    "{": Parser._hash,  # noqa: SLF001
}
_SPECIAL: dict[str, Callable[[Parser], str]] = {
    "parent": Parser._parent,  # noqa: SLF001
    "block": Parser._block,  # noqa: SLF001
}
