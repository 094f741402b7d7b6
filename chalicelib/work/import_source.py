"""What a file is, found from its beginning: its format, encoding, columns and where its first record begins.

A workbook and wide characters are read as if they were converted already: `converted` says into what, and the job
writes that down before it reads on (`import_conversion.py`).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from types import MappingProxyType

from chalicelib.model.errors import Invalid
from chalicelib.model.importing import Format, Import, Wishes
from chalicelib.work import csv_file, file_encoding, json_lines, workbook
from chalicelib.work.csv_header import DELIMITERS, Header, columns_of, header
from chalicelib.work.file_lines import MAX_RECORD, RANGE, Range, Record
from chalicelib.work.world import World

HEAD_ROWS = 200


@dataclass(frozen=True, slots=True)
class Source:
    """`header` counts in bytes and lines of what is read, which `head` begins: of the converted file where the file
    must be converted.
    """

    format: Format
    encoding: str
    sheet: str
    sheets: tuple[str, ...]
    header: Header
    head: Range

    @property
    def is_converted(self) -> bool:
        return needs_conversion(self.format, self.encoding)


def looked_at(world: World, name: str, wishes: Wishes) -> Source:
    """Invalid where the file is none that can be imported, or is not what the wishes say."""
    read, size = partial(world.files.read, name), world.files.size(name) or 0
    start = read(0, file_encoding.SAMPLE)
    kind = _format(start)
    encoding = _encoding(kind, start, wishes.encoding)
    sheets = workbook.sheets(read, size) if kind == "xlsx" else ()
    if wishes.sheet and not sheets:
        raise Invalid("sheet", wishes.sheet, "Only workbooks (.xlsx) have sheets: leave it out.")
    head = _head(converted(read, size, kind, encoding, wishes.sheet)) if needs_conversion(kind, encoding) else read
    found = HEADERS[kind](head, encoding, wishes)
    return Source(kind, encoding, wishes.sheet or next(iter(sheets), ""), sheets, found, head)


def needs_conversion(kind: Format, encoding: str) -> bool:
    return kind == "xlsx" or encoding in file_encoding.WIDE


def converted(read: Range, size: int, kind: Format, encoding: str, sheet: str) -> Iterator[bytes]:
    """The same file as we can read it from any line: JSON arrays for a workbook's rows, UTF-8 for wide characters."""
    return workbook.rows(read, size, sheet) if kind == "xlsx" else _narrowed(read, encoding)


def first_records(source: Source, job: Import) -> Iterator[Record]:
    """The first records of a file that may still have to be converted."""
    return RECORDS[source.format](source.head, replace(job, converted=source.is_converted))


def records_of(world: World, job: Import) -> Iterator[Record]:
    """The records behind the place that the job has reached."""
    return RECORDS[job.format](partial(world.files.read, job.file), job)


def _format(start: bytes) -> Format:
    if start.startswith(workbook.MAGIC):
        return "xlsx"
    return "jsonl" if start.removeprefix(json_lines.BOM).lstrip().startswith(b"{") else "csv"


def _encoding(kind: Format, start: bytes, wished: str) -> str:
    if wished and kind != "csv":
        raise Invalid("encoding", wished, "Only CSV files have one to choose: leave it out.")
    if kind != "csv":
        return file_encoding.UTF_8
    return file_encoding.checked(wished) if wished else file_encoding.found(start)


def _narrowed(read: Range, encoding: str) -> Iterator[bytes]:
    """What cannot be read becomes a replacement character, which its line shows."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    at = 0
    while part := read(at, RANGE):
        text = decoder.decode(part)
        yield (text.removeprefix("\ufeff") if at == 0 else text).encode()
        at += len(part)
    yield decoder.decode(b"", final=True).encode()


def _head(parts: Iterator[bytes]) -> Range:
    """The first bytes of a file that is still to be written, as if it were there."""
    taken, size = [], 0
    for part in islice(parts, HEAD_ROWS):
        taken.append(part)
        size += len(part)
        if size > MAX_RECORD:
            break
    start = b"".join(taken)
    return lambda at, length: start[at : at + length]


def _csv_header(read: Range, encoding: str, wishes: Wishes) -> Header:
    delimiter = {"tab": "\t"}.get(wishes.delimiter, wishes.delimiter)
    if delimiter and delimiter not in DELIMITERS:
        raise Invalid("delimiter", wishes.delimiter, 'It is one of , ; | or "tab".')
    return header(read, "" if encoding in file_encoding.WIDE else encoding, delimiter)


def _object_fields(read: Range, _encoding: str, wishes: Wishes) -> Header:
    named = dict.fromkeys((*json_lines.fields(read), *(wishes.mapping or {})))
    return Header("", columns_of(list(named)), 0, 0)


def _first_row(read: Range, _encoding: str, _wishes: Wishes) -> Header:
    first = next((each for each in json_lines.arrays(read, 0, 0) if any(map(str.strip, each.cells))), None)
    if first is None:
        raise Invalid("file", "an empty sheet", "The first row must name the columns.")
    return Header("", columns_of(first.cells), first.end, first.last)


def _refuse_delimiter(find: Callable[[Range, str, Wishes], Header]) -> Callable[[Range, str, Wishes], Header]:
    def found(read: Range, encoding: str, wishes: Wishes) -> Header:
        if wishes.delimiter:
            raise Invalid("delimiter", wishes.delimiter, "Only CSV files have one: leave it out.")
        return find(read, encoding, wishes)

    return found


HEADERS: Mapping[Format, Callable[[Range, str, Wishes], Header]] = MappingProxyType(
    {"csv": _csv_header, "jsonl": _refuse_delimiter(_object_fields), "xlsx": _refuse_delimiter(_first_row)}
)
RECORDS: Mapping[Format, Callable[[Range, Import], Iterator[Record]]] = MappingProxyType(
    {
        "csv": lambda read, job: csv_file.records(
            read, job.offset, job.line, job.delimiter, "" if job.converted else job.encoding
        ),
        "jsonl": lambda read, job: json_lines.objects(read, job.offset, job.line, job.columns),
        "xlsx": lambda read, job: _not_blank(json_lines.arrays(read, job.offset, job.line)),
    }
)


def _not_blank(records: Iterator[Record]) -> Iterator[Record]:
    return (each for each in records if each.fault or any(cell.strip() for cell in each.cells))


def described(job: Import, source: Source) -> Import:
    """The job with what was found of its file."""
    found = source.header
    return replace(
        job,
        format=source.format,
        encoding=source.encoding,
        sheet=source.sheet,
        columns=found.columns,
        delimiter=found.delimiter,
        offset=found.offset,
        line=found.line,
        begins=(found.offset, found.line),
    )
