"""An import: a file of contacts on its way in, as a job that can stop anywhere and go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

State = Literal["waiting", "running", "finished", "failed", "cancelled"]
Kind = Literal["created", "updated", "unchanged", "skipped"]
Format = Literal["csv", "jsonl", "xlsx"]
# Which lines are taken: all, only those of new addresses, only those of known ones.
Rule = Literal["upsert", "create", "update"]

ENDED: frozenset[State] = frozenset({"finished", "failed", "cancelled"})

# How many imports a contact remembers: as many may run at once.
MARKS = 4
MAX_BODY = 5 * 1024 * 1024
MAX_FILE = 1024 * 1024 * 1024
MAX_WORKBOOK = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a file is to be imported, where that is not for us to find out: the list that its contacts join, what fills
    what (column -> alias, "address", or "" to leave it out), tags that all of them get, which lines are taken, whether
    it is only tried; and its encoding, delimiter and sheet ("" where they are to be found).
    """

    segment: str | None = None
    mapping: Mapping[str, str] | None = None
    tags: Sequence[str] = ()
    rule: str = "upsert"
    dry_run: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """`offset` is the byte behind the last line done and `line` its number (the header is line 1); `columns` are
    the header's names, `mapping` gives each the alias of its field, `address`, or "" where it is left out. With
    `suppress` (a reason) its lines are no contacts, but addresses not to write to. Counts are
    of lines; `recoded` lines were not UTF-8 and were read as Windows-1252. `size` is the file's, in bytes.

    A workbook and wide characters are `converted` first: `file` is then the converted one. `encoding` is "" for UTF-8.
    Where it is tried alone (`dry_run`) nothing is written, and it begins anew at `begins` (byte and line) after a
    crash. `report` names the file of the rejected lines. Epoch milliseconds, UTC.
    """

    id: str
    file: str
    state: State = "waiting"
    segment: str | None = None
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    size: int = 0
    offset: int = 0
    line: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    recoded: int = 0
    reason: str | None = None
    lease_until: int = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None
    suppress: str = ""
    format: Format = "csv"
    encoding: str = ""
    sheet: str = ""
    converted: bool = False
    begins: tuple[int, int] = (0, 0)
    rule: Rule = "upsert"
    tags: frozenset[str] = frozenset()
    dry_run: bool = False
    skipped: int = 0
    report: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was not taken: its number in the file, the column, the value (cut at 100) and why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of an import, or an item of a call with many contacts (`work/bulk.py`): its number in `source`."""

    source: str
    line: int

    def kind_on(self, marks: tuple[str, ...]) -> Kind | None:
        """What this line, or one behind it that wrote the same contact, did of it; None where neither has yet."""
        found = marked(marks, self.source)
        return found[1] if found is not None and found[0] >= self.line else None

    def put_on(self, marks: tuple[str, ...], kind: Kind) -> tuple[str, ...]:
        return with_mark(marks, self.source, self.line, kind)


def with_mark(marks: tuple[str, ...], import_id: str, line: int, kind: Kind) -> tuple[str, ...]:
    """A contact's marks with this one first: which line of which import wrote it, and what that was.

    The mark is written with the contact, so a line that is done again after a crash is known, and counted as
    what it was; and an address that stands twice in a file is known by its first line.
    """
    others = (mark for mark in marks if not mark.startswith(f"{import_id}:"))
    return (f"{import_id}:{line}:{kind}", *others)[:MARKS]


def marked(marks: tuple[str, ...], import_id: str) -> tuple[int, Kind] | None:
    """The line of this import that wrote the contact, and what that was."""
    for mark in marks:
        identifier, line, kind = mark.split(":")
        if identifier == import_id:
            return int(line), cast(Kind, kind)
    return None
