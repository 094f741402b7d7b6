"""The files that CSS names by url(): where each name stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_RAW = r"\"(?P<double>[^\"\n]*+)\"|'(?P<single>[^'\n]*+)'|(?P<bare>[^\s\"'()<>]++)"
# Comments and strings name nothing.
_SHEET = re.compile(
    rf"/\*.*?(?:\*/|\Z)|\\.|\burl\(\s*+(?:{_RAW})\s*+\)|\"(?:[^\"\\\n]|\\.)*+\"?+|'(?:[^'\\\n]|\\.)*+'?+",
    re.IGNORECASE | re.DOTALL,
)
_QUOT, _APOS = "&(?:quot|#34|#x22);", "&(?:apos|#39|#x27);"
_ATTRIBUTE = re.compile(
    rf"\burl\(\s*+(?:{_QUOT}(?P<quot>(?:[^&]|&(?!(?:quot|#34|#x22);))*+){_QUOT}"
    rf"|{_APOS}(?P<apos>(?:[^&]|&(?!(?:apos|#39|#x27);))*+){_APOS}|{_RAW})\s*+\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """`value` is what stands from `start` up to `end`, as it is meant."""

    start: int
    end: int
    value: str


def in_sheet(css: str, start: int = 0, end: int | None = None) -> Iterator[Name]:
    """`start` and `end` are the sheet's in a longer text."""
    for match in _SHEET.finditer(css, start, len(css) if end is None else end):
        if match.lastgroup:
            yield Name(*match.span(match.lastgroup), match[match.lastgroup].strip())


def in_attribute(html: str, start: int, end: int) -> Iterator[Name]:
    """Of a `style` attribute whose value has this place in the HTML."""
    for match in _ATTRIBUTE.finditer(html, start, end):
        if match.lastgroup:
            yield Name(*match.span(match.lastgroup), unescape(match[match.lastgroup]).strip())
