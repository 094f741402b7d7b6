"""A CSV file read by ranges, record by record, from any byte at which a record begins (RFC 4180).

A record is one line, or several where a quoted value holds line breaks. A quote that is never closed, or closed in
the middle of a value, costs the line that it stands on and no other: reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Range = Callable[[int, int], bytes]

RANGE = 256 * 1024
MAX_RECORD = 64 * 1024
MAX_LINES = 100
MAX_SHOWN = 100

QUOTE = "A quote is not closed, or text follows one that is: double the quotes inside a value."
RETURN = "A carriage return stands in a value without quotes."


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


@dataclass(frozen=True, slots=True)
class Line:
    """`raw` is cut behind MAX_RECORD bytes, `size` is the whole line's, line break included."""

    raw: bytes
    size: int


def records(read: Range, offset: int, line: int, delimiter: str) -> Iterator[Record]:
    """The records behind byte `offset`, which ends line number `line`; blank lines give none.

    `read(start, length)` gives bytes of the file, none at its end. One range and one record are held.
    """
    stream = _Lines(_lines(read, offset))
    for first in stream:
        taken = [first]
        cells, fault, recoded = _parsed(first, stream, taken, delimiter)
        if fault:
            stream.put_back(taken[1:])
            taken, cells = taken[:1], [first.raw[:MAX_SHOWN].decode(errors="replace").rstrip()]
        begin, line, offset = line + 1, line + len(taken), offset + sum(each.size for each in taken)
        if fault or any(cell.strip() for cell in cells):
            yield Record(begin, line, offset, cells, fault, recoded)


class _Lines:
    """Lines one after the other; those taken in vain are put back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._back: deque[Line] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> Line:
        return self._back.popleft() if self._back else next(self._lines)

    def put_back(self, lines: list[Line]) -> None:
        self._back.extendleft(reversed(lines))


@dataclass(slots=True)
class _Decoder:
    recoded: bool = False

    def text(self, line: Line) -> str:
        """UnicodeDecodeError where it is neither."""
        try:
            return line.raw.decode()
        except UnicodeDecodeError:
            self.recoded = True
            return line.raw.decode("cp1252")


def _parsed(first: Line, more: Iterator[Line], taken: list[Line], delimiter: str) -> tuple[list[str], str, bool]:
    """Cells, fault and whether it was recoded; further lines come from `more` and are added to `taken`."""
    decoder = _Decoder()
    try:
        cells = next(csv.reader(_fed(first, more, taken, decoder), delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        return [], "It is neither UTF-8 nor Windows-1252: save the file as UTF-8.", decoder.recoded
    except _TooLongError:
        return [], f"It is longer than {MAX_RECORD} bytes, or a quote is not closed.", decoder.recoded
    except csv.Error as error:
        return [], RETURN if "new-line" in str(error) else QUOTE, False
    if any("\0" in cell for cell in cells):
        return [], "It has a zero byte.", decoder.recoded
    return cells, "", decoder.recoded


class _TooLongError(Exception):
    pass


def _fed(first: Line, more: Iterator[Line], taken: list[Line], decoder: _Decoder) -> Iterator[str]:
    """The text of the lines, as many as the reader asks for."""
    size = first.size
    if size > MAX_RECORD:
        raise _TooLongError
    yield decoder.text(first)
    for line in more:
        taken.append(line)
        size += line.size
        if size > MAX_RECORD or len(taken) > MAX_LINES:
            raise _TooLongError
        yield decoder.text(line)


def _lines(read: Range, offset: int) -> Iterator[Line]:
    """Physical lines. A line longer than MAX_RECORD is passed over without being held."""
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
