"""What changed between two texts, line by line, with a few lines around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "out", "in", "gap"]
AROUND = 2
# Compared line by line up to so many; what has more is told as a whole.
MOST_LINES = 4_000
# Programs write pages in a line: one that is longer is told tag by tag.
LONG_LINE = 240
_BETWEEN_TAGS = re.compile(r"(?<=>)\s*(?=<)")


@dataclass(frozen=True, slots=True)
class Line:
    """`before` and `after` are its numbers in the two texts, from 1; a `gap` stands for what is the same in both."""

    kind: Kind
    text: str = ""
    before: int | None = None
    after: int | None = None


def text_changes(before: str, after: str) -> tuple[Line, ...]:
    """Empty where they are the same."""
    if before == after:
        return ()
    old, new = _lines(before), _lines(after)
    if len(old) > MOST_LINES or len(new) > MOST_LINES:
        return (*_out(old, 0, len(old)), *_in(new, 0, len(new)))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(_told(old, new, list(matcher.get_grouped_opcodes(AROUND))))


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        lines += _BETWEEN_TAGS.split(line) if len(line) > LONG_LINE else [line]
    return lines


def _told(old: Sequence[str], new: Sequence[str], groups: list[list[tuple[str, int, int, int, int]]]) -> Iterator[Line]:
    end = 0
    for group in groups:
        if group[0][1] > end:
            yield Line("gap")
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Line("same", old[i1 + n], i1 + n + 1, j1 + n + 1) for n in range(i2 - i1))
            else:
                yield from _out(old, i1, i2)
                yield from _in(new, j1, j2)
        end = group[-1][2]
    if end < len(old):
        yield Line("gap")


def _out(lines: Sequence[str], start: int, end: int) -> Iterator[Line]:
    return (Line("out", lines[n], n + 1, None) for n in range(start, end))


def _in(lines: Sequence[str], start: int, end: int) -> Iterator[Line]:
    return (Line("in", lines[n], None, n + 1) for n in range(start, end))
