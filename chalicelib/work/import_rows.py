"""What a line of an import says: judged, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chalicelib.model.contact import Value
from chalicelib.model.errors import Invalid
from chalicelib.model.fields import checked_text
from chalicelib.model.ids import is_id
from chalicelib.model.importing import Import
from chalicelib.model.spreadsheet import restored
from chalicelib.model.tagging import checked_stage, points_of, tags_of
from chalicelib.work import definitions, owners
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.csv_header import ADDRESS, COMPANY, OWNER, POINTS, STAGE, TAGS, TARGETS
from chalicelib.work.file_lines import Record
from chalicelib.work.world import World

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Known:
    """What these lines are judged by, read once for all of them: the file's columns and what each fills ("" for
    nothing), definitions, a new contact's `defaults`, the ids of owners by address and by themselves, the companies
    that are named.
    """

    columns: Sequence[tuple[str, str]]
    definitions: definitions.By
    defaults: Mapping[str, Value]
    owners: Mapping[str, str] = field(default_factory=dict)
    companies: frozenset[str] = frozenset()

    @property
    def address_column(self) -> str:
        return next(column for column, alias in self.columns if alias == ADDRESS)


@dataclass(frozen=True, slots=True)
class Row:
    """A line that was judged good. `typed` is the address as it stands there, `column` where; `defaults` are what a
    new contact has beside the `fields`. Ids and stage are "" where the line names none. `tags` join those there.
    """

    line: int
    column: str
    typed: str
    address: str
    hash: str
    fields: Mapping[str, Value]
    defaults: Mapping[str, Value]
    owner_id: str = ""
    company_id: str = ""
    tags: frozenset[str] = frozenset()
    points: int | None = None
    stage: str = ""


class LineFault(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def known(world: World, job: Import, lines: Sequence[Record]) -> Known:
    found = definitions.by_alias(world)
    targets = {alias: at for at, column in enumerate(job.columns) if (alias := job.mapping[column]) in TARGETS}
    by_address = owners.by_address(world) if OWNER in targets else {}
    named = {each.cells[targets[COMPANY]].strip() for each in lines if targets.get(COMPANY, MANY) < len(each.cells)}
    ids = sorted(filter(is_id, named))
    return Known(
        [(column, job.mapping[column]) for column in job.columns],
        found,
        definitions.defaults(found),
        by_address | {each: each for each in by_address.values()},
        frozenset(world.companies.read_many(ids)) if ids else frozenset(),
    )


def row(world: World, job: Import, record: Record, known: Known) -> Row:
    """The line as it is meant; LineFault with the column, the value and the reason where it cannot be taken."""
    if record.fault:
        raise LineFault("", record.cells[0], record.fault)
    extra = [cell for cell in record.cells[len(job.columns) :] if cell.strip()]
    if extra:
        reason = f"It has {len(record.cells)} values, the header {len(job.columns)} columns."
        raise LineFault("", extra[0], reason)
    # a spreadsheet may leave out empty cells at the end of a line
    said = {
        alias: (column, restored(text))
        for (column, alias), cell in zip(known.columns, record.cells, strict=False)
        if alias and (text := cell.strip())
    }
    column, typed = said.get(ADDRESS) or (known.address_column, "")
    address = _address(column, typed)
    return Row(
        record.line,
        column,
        typed,
        address,
        address_hash(world, address),
        {alias: _value(alias, *cell, known) for alias, cell in said.items() if alias not in TARGETS},
        known.defaults,
        owner_id=_owner(*said.get(OWNER, NOTHING), known),
        company_id=_company(*said.get(COMPANY, NOTHING), known),
        tags=_own(tags_of, *said[TAGS]) if TAGS in said else frozenset(),
        points=_own(points_of, *said[POINTS]) if POINTS in said else None,
        stage=_own(checked_stage, *said[STAGE]) if STAGE in said else "",
    )


# A column and its cell, where an empty one says nothing: it leaves a contact as it is.
NOTHING = ("", "")
# Behind the last cell of any line.
MANY = 10_000


def _address(column: str, typed: str) -> str:
    if not typed:
        raise LineFault(column, typed, "The address is missing.")
    try:
        return normalised(typed)
    except Invalid as fault:
        raise LineFault(column, typed, fault.hint or fault.message) from None


def _value(alias: str, column: str, text: str, known: Known) -> Value:
    try:
        checked = checked_text(text, column)
        definition = known.definitions.get(alias)
        return checked if definition is None else definitions.typed_value(definition, checked, column)
    except Invalid as fault:
        raise LineFault(column, text, fault.hint or fault.message) from None


def _own(read: Callable[[str, str], Read], column: str, text: str) -> Read:
    try:
        return read(text, column)
    except Invalid as fault:
        raise LineFault(column, text, fault.hint or fault.message) from None


def _owner(column: str, text: str, known: Known) -> str:
    if not text:
        return ""
    found = known.owners.get(_address(column, text) if "@" in text else text)
    if found is None:
        raise LineFault(column, text, "There is no owner of this address or id: make the owner first.")
    return found


def _company(column: str, text: str, known: Known) -> str:
    if text and text not in known.companies:
        raise LineFault(column, text, "There is no company of this id: make the company first.")
    return text
