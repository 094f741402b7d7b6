"""A workbook (Office Open XML, .xlsx) as rows of text, read row by row. Formulas give the values that were saved."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

import msgspec

from chalicelib.model.contact import MAX_FIELDS
from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.importing import MAX_WORKBOOK
from chalicelib.work.file_lines import Range

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAGIC = b"PK\x03\x04"
BUFFER = 1024 * 1024
# What a workbook may unpack to, and its shared texts, which are held.
MAX_UNPACKED = 2 * 1024 * 1024 * 1024
MAX_SHARED = 128 * 1024 * 1024
SHARED = "xl/sharedStrings.xml"
# More columns than a contact may have fields show as a fault of the line.
MOST_COLUMNS = MAX_FIELDS + 10
NOTHING = (None, "")

_encoded = msgspec.json.encode


def sheets(read: Range, size: int) -> tuple[str, ...]:
    """The names of its sheets that have cells."""
    return tuple(each.title for each in _opened(read, size).worksheets)


def rows(read: Range, size: int, sheet: str) -> Iterator[bytes]:
    """The rows of a sheet ("" for the first) as lines of JSON arrays: line n is row n. Raises Invalid, TooLarge."""
    book = _opened(read, size)
    names = [each.title for each in book.worksheets]
    if not names or (sheet and sheet not in names):
        raise Invalid("sheet", sheet, f"The workbook has the sheets {', '.join(names)}"[:500] + ".")
    page = book[sheet or names[0]]
    page.reset_dimensions()
    for row in page.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        yield _encoded([_text(each) for each in _filled(row)]) + b"\n"


def _opened(read: Range, size: int) -> Workbook:
    from openpyxl import load_workbook  # noqa: PLC0415  # 150 ms, for workbooks alone

    if size > MAX_WORKBOOK:
        mend = "Save it as CSV, or cut it in two."
        raise TooLarge(f"A workbook may have {MAX_WORKBOOK} bytes; this one has {size}.", field="file", hint=mend)
    file = io.BufferedReader(_RangeFile(read, size), BUFFER)
    try:
        _refuse_bombs(ZipFile(file))
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError) as error:
        raise Invalid(
            "file", "a workbook", f"It cannot be opened ({error}): save it anew as .xlsx, or as CSV."
        ) from None


def _refuse_bombs(package: ZipFile) -> None:
    unpacked = sum(each.file_size for each in package.infolist())
    shared = sum(each.file_size for each in package.infolist() if each.filename == SHARED)
    if unpacked > MAX_UNPACKED or shared > MAX_SHARED:
        raise TooLarge(f"The workbook unpacks to {unpacked} bytes.", field="file", hint="Save it as CSV.")


class _RangeFile(io.RawIOBase):
    """A file in the bucket that can be sought."""

    def __init__(self, read: Range, size: int) -> None:
        self._read, self._size, self._at = read, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        part = self._read(self._at, min(len(buffer), max(0, self._size - self._at)))
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def _filled(cells: Sequence[object]) -> Sequence[object]:
    """Up to the last one that says something: rows come as wide as they may be."""
    end = len(cells)
    while end and cells[end - 1] in NOTHING:
        end -= 1
    return cells[:end]


def _text(value: object) -> str:
    """As a person would type it: whole numbers without a point, days without midnight."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | time():
            return value.isoformat()
        case _:
            return str(value)
