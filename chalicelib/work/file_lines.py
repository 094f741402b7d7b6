"""A file read by ranges, line by line, from any byte at which a line begins. One range is held at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Range = Callable[[int, int], bytes]

RANGE = 256 * 1024
MAX_RECORD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """`raw` is cut behind MAX_RECORD bytes, `size` is the whole line's, line break included."""

    raw: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Record:
    """`line` is the number of its first line; `end` the byte and `last` the number of the line behind which the
    next begins. `fault` says why it has no cells but one, the line's beginning. `recoded`: it was
    not UTF-8, but Windows-1252.
    """

    line: int
    last: int
    end: int
    cells: list[str]
    fault: str = ""
    recoded: bool = False


def lines(read: Range, offset: int) -> Iterator[Line]:
    """Physical lines; `read(start, length)` gives bytes of the file, none at its end. A line longer than MAX_RECORD
    is passed over without being held.
    """
    head, size, dropped = b"", 0, 0
    while chunk := read(offset, RANGE):
        offset += len(chunk)
        *whole, rest = (head + chunk).split(b"\n")
        for raw in whole:
            yield Line(raw[: MAX_RECORD + 1] + b"\n", len(raw) + 1 + dropped)
            dropped = 0
        head = rest[: MAX_RECORD + 1]
        dropped += len(rest) - len(head)
    size = len(head) + dropped
    if size:
        yield Line(head, size)
