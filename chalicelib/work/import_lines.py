"""Some lines of an import: judged, written as contacts, counted. Doing the same lines again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from chalicelib.model.contact import MAX_LISTS, Contact, Value
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.fields import checked_text, merged
from chalicelib.model.importing import Import, Kind, Rejected, marked, with_mark
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.csv_file import Record
from chalicelib.work.csv_header import ADDRESS
from chalicelib.work.world import World

CREATES, UPDATES = 50, 100
TRIES = 5
SHOWN = 100

Item = TypeVar("Item")


@dataclass(slots=True)
class Taken:
    """What became of the lines: how many of each kind, the contacts that belong on the list, those rejected."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    members: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def reject(self, line: int, column: str, value: str, reason: str) -> None:
        self.rejected.append(Rejected(line, column, value[:SHOWN], reason))


@dataclass(frozen=True, slots=True)
class Row:
    """A line that was judged good. `typed` is the address as it stands there, `column` where."""

    line: int
    column: str
    typed: str
    address: str
    hash: str
    fields: Mapping[str, str]


class _LineFault(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def take(world: World, job: Import, lines: Sequence[Record]) -> Taken:
    """Writes the contacts of these lines. Every line is created, updated, unchanged or rejected, and counted once."""
    taken = Taken()
    rows = _rows(world, job, lines, taken)
    for _ in range(TRIES):
        rows = _written(world, job, rows, taken)
        if not rows:
            return taken
    for row in rows:
        taken.reject(row.line, row.column, row.typed, "Others kept changing this contact: import the line again.")
    return taken


def _rows(world: World, job: Import, lines: Sequence[Record], taken: Taken) -> list[Row]:
    """The good lines; the others are rejected, and so is an address's second line."""
    rows: dict[str, Row] = {}
    for record in lines:
        try:
            row = _row(world, job, record)
        except _LineFault as fault:
            taken.reject(record.line, fault.column, fault.value, fault.reason)
            continue
        first = rows.setdefault(row.address, row)
        if first is not row:
            taken.reject(row.line, row.column, row.typed, _twice(first.line))
    return list(rows.values())


def _row(world: World, job: Import, record: Record) -> Row:
    if record.fault:
        raise _LineFault("", record.cells[0], record.fault)
    extra = [cell for cell in record.cells[len(job.columns) :] if cell.strip()]
    if extra:
        reason = f"It has {len(record.cells)} values, the header {len(job.columns)} columns."
        raise _LineFault("", extra[0], reason)
    # a spreadsheet may leave out empty cells at the end of a line
    cells = dict(zip(job.columns, map(str.strip, record.cells), strict=False))
    column = next(name for name, alias in job.mapping.items() if alias == ADDRESS)
    typed = cells.get(column, "")
    address = _address(column, typed)
    return Row(record.line, column, typed, address, address_hash(world, address), _fields(job, cells))


def _address(column: str, typed: str) -> str:
    if not typed:
        raise _LineFault(column, typed, "The address is missing.")
    try:
        return normalised(typed)
    except Invalid as fault:
        raise _LineFault(column, typed, fault.hint or fault.message) from None


def _fields(job: Import, cells: Mapping[str, str]) -> dict[str, str]:
    """An empty cell says nothing: it leaves the field as it is."""
    fields = {}
    for column, text in cells.items():
        alias = job.mapping[column]
        if not text or not alias or alias == ADDRESS:
            continue
        fields[alias] = _text(column, text)
    return fields


def _text(column: str, text: str) -> str:
    try:
        return checked_text(text, column)
    except Invalid as fault:
        raise _LineFault(column, text, fault.hint or fault.message) from None


def _written(world: World, job: Import, rows: Sequence[Row], taken: Taken) -> list[Row]:
    """One try for these rows; those that lost against somebody else's write come back."""
    ids = world.contacts.by_addresses([row.hash for row in rows])
    standing = world.contacts.read_many(list(ids.values()))
    plans = [plan for row in rows if (plan := _planned(world, job, row, ids.get(row.hash), standing, taken))]
    won = _created(world, plans) | _updated(world, plans)
    for plan in plans:
        if plan.contact.id in won:
            _count(job, plan.contact, plan.kind, taken)
    return [plan.row for plan in plans if plan.contact.id not in won]


@dataclass(frozen=True, slots=True)
class Plan:
    """A contact to write for a row."""

    row: Row
    contact: Contact
    kind: Kind


def _planned(
    world: World, job: Import, row: Row, known_id: str | None, standing: Mapping[str, Contact], taken: Taken
) -> Plan | None:
    """What to write for the row; None where it is settled: it was done before, or is rejected."""
    before = standing.get(known_id or "")
    if before is None:
        return Plan(row, _new(world, job, row, known_id or world.new_id()), "created")
    mark = marked(before.imported, job.id)
    if mark is not None:
        line, kind = mark
        if line == row.line:
            _count(job, before, kind, taken)
        else:
            taken.reject(row.line, row.column, row.typed, _twice(line))
        return None
    try:
        return _changed(world, job, row, before)
    except _LineFault as fault:
        taken.reject(row.line, fault.column, fault.value, fault.reason)
        return None


def _new(world: World, job: Import, row: Row, identifier: str) -> Contact:
    now = world.now()
    return Contact(
        identifier,
        row.address,
        row.fields,
        lists=_lists(frozenset(), job),
        created_at=now,
        updated_at=now,
        imported=with_mark((), job.id, row.line, "created"),
    )


def _changed(world: World, job: Import, row: Row, before: Contact) -> Plan:
    """The row's values over the contact's. A row that changes nothing still leaves its mark."""
    if before.merged_into is not None:
        raise _LineFault(row.column, row.typed, f"This contact was merged into {before.merged_into}.")
    lists = _lists(before.lists, job)
    if len(lists) > MAX_LISTS:
        raise _LineFault(row.column, row.typed, f"This contact is on {MAX_LISTS} lists already.")
    fields = _merged(before.fields, row)
    kind: Kind = "unchanged" if fields == before.fields and lists == before.lists else "updated"
    contact = replace(
        before,
        fields=fields,
        lists=lists,
        version=before.version + 1,
        updated_at=before.updated_at if kind == "unchanged" else world.now(),
        imported=with_mark(before.imported, job.id, row.line, kind),
    )
    return Plan(row, contact, kind)


def _merged(before: Mapping[str, Value], row: Row) -> Mapping[str, Value]:
    try:
        return merged(before, row.fields)
    except Fault as fault:
        raise _LineFault("", row.typed, f"{fault.message} {fault.hint}") from None


def _created(world: World, plans: Sequence[Plan]) -> set[str]:
    new = ((plan.contact, plan.row.hash) for plan in plans if plan.kind == "created")
    return {each for batch in _batches(new, CREATES) for each in world.contacts.create_many(batch)}


def _updated(world: World, plans: Sequence[Plan]) -> set[str]:
    old = (plan.contact for plan in plans if plan.kind != "created")
    return {each for batch in _batches(old, UPDATES) for each in world.contacts.update_many(batch)}


def _count(job: Import, contact: Contact, kind: Kind, taken: Taken) -> None:
    taken.kinds[kind] += 1
    # whoever was taken off the list since a first try stays off it
    if job.segment in contact.lists:
        taken.members.append(contact.id)


def _lists(before: frozenset[str], job: Import) -> frozenset[str]:
    return before | {job.segment} if job.segment else before


def _twice(line: int) -> str:
    return f"This address stands twice: first on line {line}."


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while batch := list(islice(items, size)):
        yield batch
