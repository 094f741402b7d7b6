"""Declarations of CSS: read from `style` attributes, and put together as the cascade says (CSS Cascading 4, section 6).

Tokens and other systems' `{{ }}` in a `style` attribute are no CSS: what an author wrote there is never taken apart
and put together again, only looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_MARK = re.compile(r"[;()\[\]{}\"'\\]|/\*")
_IMPORTANT = re.compile(r"!\s*+important$", re.IGNORECASE)
_STRING_OR_COMMENT = re.compile(r"\\.|/\*.*?(?:\*/|\Z)|\"((?:[^\"\\\n]|\\.)*+)\"|'((?:[^'\\\n]|\\.)*+)'", re.DOTALL)
_BRACKETS: Mapping[str, int] = MappingProxyType({"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1})
_LINE_ENDS = re.compile(r"\s*[\t\n\r\f]\s*")


@dataclass(frozen=True, slots=True)
class Declaration:
    """`name` in lower case; `value` without `!important`."""

    name: str
    value: str
    important: bool = False


def declarations(style: str) -> Iterator[Declaration]:
    """In order. Pieces without a colon are none, and neither is one whose string or bracket is never closed."""
    for piece in _pieces(style):
        name, colon, value = piece.partition(":")
        value = value.strip()
        found = _IMPORTANT.search(value[-40:])
        if colon and name.strip():
            value = value[: len(value) - len(found[0])].rstrip() if found else value
            yield Declaration(name.strip().lower(), _LINE_ENDS.sub(" ", value), found is not None)


def around(rules: str, own: str) -> tuple[str, str]:
    """What the rules have to say before and behind an element's own style, so that all together say what CSS means.

    The own one wins over a rule; a rule with `!important` wins over the own one, unless that has it too. The
    `!important` of a rule is left out: beside the rule itself, which stays in the <style>, it would beat media queries.
    """
    found, written = list(declarations(rules)), list(declarations(own))
    names, firm = {each.name for each in written}, {each.name for each in written if each.important}
    before = _joined(each for each in found if not each.important and each.name not in names)
    after = _joined(each for each in found if each.important and each.name not in firm)
    if own.rstrip(" ;").endswith(after):
        after = ""
    is_open = bool(after and own.strip()) and not own.rstrip().endswith(";")
    return before + ";" * bool(before and (own.strip() or after)), ";" * is_open + after


def plain(css: str) -> str:
    """The same rules without comments, and without quotes inside strings: css-inline writes all strings with `'`."""
    return _STRING_OR_COMMENT.sub(_unquoted, css)


def _unquoted(match: re.Match[str]) -> str:
    if match[0].startswith("/*"):
        return " "
    if match[0].startswith("\\"):
        return match[0]
    if match[1] is not None:
        return '"' + match[1].replace("\\'", "'").replace("'", "\\27 ") + '"'
    return "'" + match[2].replace('\\"', '"').replace('"', "\\22 ") + "'"


def _joined(found: Iterable[Declaration]) -> str:
    return ";".join(f"{each.name}:{each.value}" for each in found)


def _pieces(style: str) -> Iterator[str]:
    """Between semicolons that are neither in strings, nor in brackets, nor in comments."""
    start = at = depth = 0
    while at <= len(style) and (mark := _MARK.search(style, at)):
        at = mark.end()
        if mark[0] == ";" and not depth:
            yield style[start : mark.start()]
            start = at
        elif mark[0] in _BRACKETS:
            depth = max(0, depth + _BRACKETS[mark[0]])
        elif mark[0] != ";":
            at = _behind(style, mark)
    if at <= len(style) and not depth:
        yield style[start:]


def _behind(style: str, mark: re.Match[str]) -> int:
    """Behind the string, comment or escaped character that begins here; behind the end where it is never closed."""
    if mark[0] == "\\":
        return mark.end() + 1
    if mark[0] == "/*":
        closed = style.find("*/", mark.end())
        return closed + 2 if closed >= 0 else len(style) + 1
    string = _STRING_OR_COMMENT.match(style, mark.start())
    return string.end() if string else len(style) + 1
