"""JSON lines as records: an object a line (https://jsonlines.org), or an array a line, which workbooks become."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain

import msgspec

from chalicelib.model.errors import Invalid
from chalicelib.model.tagging import SEPARATOR
from chalicelib.work.file_lines import MAX_RECORD, Line, Range, Record, lines

BOM = b"\xef\xbb\xbf"
MAX_SHOWN = 100
# The columns are the fields of the lines within so many bytes; a later line with another one is not taken.
SAMPLE = 256 * 1024

_decoded = msgspec.json.Decoder().decode
Cells = Callable[[object], list[str]]


class _LineError(Exception):
    pass


def objects(read: Range, offset: int, line: int, columns: Sequence[str]) -> Iterator[Record]:
    """The records behind byte `offset`, which ends line number `line`: the values of these columns, as text."""
    return _records(read, offset, line, partial(_of_object, columns, frozenset(columns)))


def arrays(read: Range, offset: int, line: int) -> Iterator[Record]:
    return _records(read, offset, line, _of_array)


def fields(read: Range) -> tuple[str, ...]:
    """The fields of the file's first objects, in the order in which they come. Invalid where the first is none."""
    start = read(0, SAMPLE)
    sample = iter((start, b""))
    whole = [each for each in lines(lambda _start, _length: next(sample), 0) if each.raw.endswith(b"\n")]
    found = [_object_of(each) for each in whole or [Line(start, len(start))] if each.raw.strip()]
    named = tuple(dict.fromkeys(chain.from_iterable(each for each in found if each is not None)))
    if not named:
        raise Invalid("file", start[:50], "Give JSON lines: an object for each contact, each on a line of its own.")
    return named


def _object_of(line: Line) -> dict[str, object] | None:
    try:
        thing = _decoded(line.raw.removeprefix(BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return thing if isinstance(thing, dict) else None


def _records(read: Range, offset: int, line: int, cells_of: Cells) -> Iterator[Record]:
    for each in lines(read, offset):
        line, offset = line + 1, offset + each.size
        if each.raw.strip():
            cells, fault = _read(each, cells_of)
            yield Record(line, line, offset, cells, fault)


def _read(line: Line, cells_of: Cells) -> tuple[list[str], str]:
    fault = f"It is longer than {MAX_RECORD} bytes."
    if line.size <= MAX_RECORD:
        try:
            return cells_of(_decoded(line.raw.removeprefix(BOM))), ""
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            fault = f"It is no JSON in UTF-8: {error}."
        except _LineError as error:
            fault = str(error)
    return [line.raw[:MAX_SHOWN].decode(errors="replace").strip()], fault


def _of_object(columns: Sequence[str], known: frozenset[str], thing: object) -> list[str]:
    if not isinstance(thing, dict):
        raise _LineError("It is no object: give a contact's fields in braces.")
    other = next((name for name in thing if name not in known), None)
    if other is not None:
        raise _LineError(f"None of the first lines has the field {other[:MAX_SHOWN]!r}: name it in the mapping.")
    return [_text(name, thing.get(name)) for name in columns]


def _of_array(thing: object) -> list[str]:
    if not isinstance(thing, list):
        raise _LineError("It is no array.")
    return [_text(str(number), each) for number, each in enumerate(thing, 1)]


def _text(name: str, value: object) -> str:
    """As a CSV file would say it: several values are separated by `|`."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list() if not any(isinstance(each, list | dict) for each in value):
            return SEPARATOR.join(_text(name, each) for each in value)
        case _:
            raise _LineError(
                f"{name[:MAX_SHOWN]} holds a structure: give text, a number, true, false, or a list of them."
            )
