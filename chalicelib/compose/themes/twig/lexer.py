"""Twig's outer and inner words: text, `{{ prints }}` and `{% tags %}`, and the tokens inside them.

https://twig.symfony.com/doc/3.x/templates.html. Linear: each expression consumes what it looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.compose.themes.refusal import Refusal

Kind = Literal["number", "string", "name", "sign", "end"]

_OPEN = re.compile(r"\{(?P<what>[{%#])(?P<trim>[-~]?)")
_TOKEN = re.compile(
    r"(?P<number>\d++(?:\.\d++)?+)"
    r"|(?P<string>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*+)"
    r"|(?P<sign>\.\.\.|\.\.|\?\?|\?:|=>|\*\*|//|===|!==|==|!=|<=>|<=|>=|[-+*/%~<>=|.,:?(){}\[\]])",
    re.DOTALL,
)
_SPACE = re.compile(r"\s*+")
_CLOSE = {"{": re.compile(r"(?P<trim>[-~]?)\}\}"), "%": re.compile(r"(?P<trim>[-~]?)%\}")}
_VERBATIM = re.compile(r"\{%-?\s*+(?P<name>verbatim|raw)\s*+-?%\}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is a string's value where it is one."""

    kind: Kind
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a template. `lines` is how many line ends it has; text and verbatim keep theirs in `text`."""

    kind: Literal["text", "print", "tag", "verbatim", "comment"]
    text: str
    tokens: tuple[Token, ...]
    line: int
    lines: int = 0
    before: str = ""
    after: str = ""


def pieces(file: str, source: str) -> Iterator[Piece]:
    """In order; raises Refusal for what is not closed."""
    at, line = 0, 1
    while found := _OPEN.search(source, at):
        if found.start() > at:
            yield Piece("text", source[at : found.start()], (), line)
        line += source.count("\n", at, found.start())
        piece, at = _piece(file, source, found, line)
        yield piece
        line += piece.lines
    if at < len(source):
        yield Piece("text", source[at:], (), line)


def _piece(file: str, source: str, found: re.Match[str], line: int) -> tuple[Piece, int]:
    if found["what"] == "#":
        return _comment(file, source, found, line)
    verbatim = _VERBATIM.match(source, found.start())
    if verbatim:
        return _verbatim(file, source, verbatim, line)
    return _marked(file, source, found, line)


def _comment(file: str, source: str, found: re.Match[str], line: int) -> tuple[Piece, int]:
    end = source.find("#}", found.end())
    if end < 0:
        raise Refusal(file, line, "{#", "The comment is not closed: write #} at its end, or a space behind the brace.")
    lines = source.count("\n", found.start(), end)
    return Piece("comment", "", (), line, lines), end + 2


def _verbatim(file: str, source: str, found: re.Match[str], line: int) -> tuple[Piece, int]:
    closer = re.compile(rf"\{{%-?\s*+end{found['name']}\s*+-?%\}}").search(source, found.end())
    if closer is None:
        raise Refusal(file, line, found[0], f"It is not closed: write {{% end{found['name']} %}}.")
    lines = source.count("\n", found.start(), closer.end())
    return Piece("verbatim", source[found.end() : closer.start()], (), line, lines), closer.end()


def _marked(file: str, source: str, found: re.Match[str], line: int) -> tuple[Piece, int]:
    tokens, close = _tokens(file, source, found, line)
    for trim in (found["trim"], close["trim"]):
        if trim == "~":
            raise Refusal(file, line, found[0], "Trimming with ~ is not taken: write - in its place.")
    lines = source.count("\n", found.start(), close.end())
    kind: Literal["print", "tag"] = "print" if found["what"] == "{" else "tag"
    end = Token("end", "", line + lines)
    return Piece(kind, "", (*tokens, end), line, lines, found["trim"], close["trim"]), close.end()


def _tokens(file: str, source: str, opened: re.Match[str], line: int) -> tuple[list[Token], re.Match[str]]:
    """Up to the closing braces: those inside a hash or a list do not count."""
    what, at, depth = opened["what"], opened.end(), 0
    found: list[Token] = []
    while True:
        space = _SPACE.match(source, at)
        after = space.end() if space else at
        line, at = line + source.count("\n", at, after), after
        close = _CLOSE[what].match(source, at) if depth == 0 else None
        if close:
            return found, close
        match = _TOKEN.match(source, at)
        if match is None:
            raise _unread(file, source, at, line, opened)
        token = _token(file, match, line)
        depth += _depth(token)
        found.append(token)
        line, at = line + match[0].count("\n"), match.end()


def _unread(file: str, source: str, at: int, line: int, opened: re.Match[str]) -> Refusal:
    if at >= len(source):
        closing = "}}" if opened["what"] == "{" else "%}"
        return Refusal(file, line, opened[0], f"It is not closed: write {closing} at its end.")
    return Refusal(file, line, source[at : at + 20], "Twig has no such sign here.")


def _token(file: str, match: re.Match[str], line: int) -> Token:
    kind: Kind = match.lastgroup  # type: ignore[assignment]  # the expression's groups are the kinds
    text = match[0]
    if kind != "string":
        return Token(kind, text, line)
    if text[0] == '"' and "#{" in text:
        raise Refusal(file, line, text, "Values inside a string are not taken: join the parts with ~.")
    return Token(kind, _ESCAPE.sub(lambda each: _ESCAPES.get(each[1], each[1]), text[1:-1]), line)


def _depth(token: Token) -> int:
    if token.kind != "sign":
        return 0
    return 1 if token.text in "([{" else -1 if token.text in ")]}" else 0
