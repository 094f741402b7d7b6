"""A CSV file read by ranges, record by record, from any byte at which a record begins (RFC 4180).

A record is one line, or several where a quoted value holds line breaks. A quote that is never closed, or closed in
the middle of a value, costs the line that it stands on and no other: reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.work.file_lines import MAX_RECORD, Line, Range, Record, lines

MAX_LINES = 100
MAX_SHOWN = 100

QUOTE = "A quote is not closed, or text follows one that is: double the quotes inside a value."
RETURN = "A carriage return stands in a value without quotes."


def records(read: Range, offset: int, line: int, delimiter: str, encoding: str = "") -> Iterator[Record]:
    """The records behind byte `offset`, which ends line number `line`; blank lines give none.

    Without an `encoding` each record is UTF-8, or else Windows-1252. One range and one record are held.
    """
    stream = _Lines(lines(read, offset))
    for first in stream:
        taken = [first]
        cells, fault, recoded = _parsed(first, stream, taken, delimiter, _Decoder(encoding))
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
    encoding: str
    recoded: bool = False

    def text(self, line: Line) -> str:
        """UnicodeDecodeError where it is neither."""
        if self.encoding:
            return line.raw.decode(self.encoding)
        try:
            return line.raw.decode()
        except UnicodeDecodeError:
            self.recoded = True
            return line.raw.decode("cp1252")

    @property
    def undone(self) -> str:
        if self.encoding:
            return f"It cannot be read as {self.encoding}: name the file's encoding."
        return "It is neither UTF-8 nor Windows-1252: save the file as UTF-8."


def _parsed(
    first: Line, more: Iterator[Line], taken: list[Line], delimiter: str, decoder: _Decoder
) -> tuple[list[str], str, bool]:
    """Cells, fault and whether it was recoded; further lines come from `more` and are added to `taken`."""
    try:
        cells = next(csv.reader(_fed(first, more, taken, decoder), delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        return [], decoder.undone, decoder.recoded
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
