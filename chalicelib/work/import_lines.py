"""Some lines of an import: judged, written as contacts, counted. Doing the same lines again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from chalicelib.model.contact import MAX_LISTS, Contact, Value
from chalicelib.model.errors import Fault
from chalicelib.model.fields import merged
from chalicelib.model.importing import Import, Kind, Rejected, marked, with_mark
from chalicelib.model.tagging import with_tags
from chalicelib.work import history, import_rows, stages, tags
from chalicelib.work.file_lines import Record
from chalicelib.work.import_rows import Known, LineFault, Row
from chalicelib.work.world import World

CREATES, UPDATES = 50, 100
TRIES = 5
SHOWN = 100
ERASED = "(erased)"

Item = TypeVar("Item")


@dataclass(slots=True)
class Taken:
    """What became of the lines: how many of each kind, the contacts that belong on the list, those rejected. Where they
    are only tried, `seen` says whether an address stood further up.
    """

    kinds: Counter[Kind] = field(default_factory=Counter)
    members: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    seen: Callable[[str], bool] | None = None

    def reject(self, line: int, column: str, value: str, reason: str) -> None:
        self.rejected.append(Rejected(line, column, value[:SHOWN], reason))


def counted(job: Import, lines: Sequence[Record], taken: Taken) -> Import:
    """The job behind these lines."""
    return replace(
        job,
        offset=lines[-1].end,
        line=lines[-1].last,
        created=job.created + taken.kinds["created"],
        updated=job.updated + taken.kinds["updated"],
        unchanged=job.unchanged + taken.kinds["unchanged"],
        skipped=job.skipped + taken.kinds["skipped"],
        rejected=job.rejected + len({each.line for each in taken.rejected}),
        recoded=job.recoded + sum(line.recoded for line in lines),
    )


def take(world: World, job: Import, lines: Sequence[Record], seen: Callable[[str], bool] | None = None) -> Taken:
    """Writes the contacts of these lines, unless they are only tried. Every line is created, updated, unchanged,
    skipped or rejected, and counted once.
    """
    taken = Taken(seen=seen)
    known = import_rows.known(world, job, lines)
    rows = _rows(world, job, lines, known, taken)
    for _ in range(TRIES):
        rows = _written(world, job, rows, taken)
        if not rows:
            return taken
    for row in rows:
        taken.reject(row.line, row.column, row.typed, "Others kept changing this contact: import the line again.")
    return taken


def _rows(world: World, job: Import, lines: Sequence[Record], known: Known, taken: Taken) -> list[Row]:
    """The good lines; the others are rejected, and so is an address's second line."""
    rows: dict[str, Row] = {}
    for record in lines:
        try:
            row = import_rows.row(world, job, record, known)
        except LineFault as fault:
            taken.reject(record.line, fault.column, fault.value, fault.reason)
            continue
        if taken.seen is not None and taken.seen(row.hash):
            taken.reject(row.line, row.column, row.typed, "This address stands twice in the file.")
            continue
        first = rows.setdefault(row.address, row)
        if first is not row:
            taken.reject(row.line, row.column, row.typed, _twice(first.line))
    return list(rows.values())


def _written(world: World, job: Import, rows: Sequence[Row], taken: Taken) -> list[Row]:
    """One try for these rows; those that lost against somebody else's write come back."""
    ids = world.contacts.by_addresses([row.hash for row in rows])
    standing = world.contacts.read_many(list(ids.values()))
    rows = _without_erased(world, rows, ids, standing, taken)
    plans = [plan for row in rows if (plan := _planned(world, job, row, ids.get(row.hash), standing, taken))]
    won = {plan.contact.id for plan in plans} if job.dry_run else _put(world, job, plans)
    for plan in plans:
        if plan.contact.id in won:
            _count(job, plan.contact, plan.kind, taken)
    return [plan.row for plan in plans if plan.contact.id not in won]


def _without_erased(
    world: World, rows: Sequence[Row], ids: Mapping[str, str], standing: Mapping[str, Contact], taken: Taken
) -> list[Row]:
    """Addresses that led to somebody who is gone are looked at: no file brings back who was erased."""
    gone = [row.hash for row in rows if row.hash in ids and ids[row.hash] not in standing]
    erased = world.contacts.erased(gone) if gone else {}
    for row in rows:
        if row.hash in erased:
            taken.reject(row.line, row.column, ERASED, "Whoever had this address was erased, and comes back by a form.")
    return [row for row in rows if row.hash not in erased]


@dataclass(frozen=True, slots=True)
class Plan:
    """A contact to write for a row."""

    row: Row
    contact: Contact
    kind: Kind
    before: Contact | None = None


def _planned(
    world: World, job: Import, row: Row, known_id: str | None, standing: Mapping[str, Contact], taken: Taken
) -> Plan | None:
    """What to write for the row; None where it is settled: it was done before, or is rejected."""
    before = standing.get(known_id or "")
    mark = None if before is None else marked(before.imported, job.id)
    if before is not None and mark is not None:
        line, kind = mark
        if line == row.line:
            _count(job, before, kind, taken)
        else:
            taken.reject(row.line, row.column, row.typed, _twice(line))
        return None
    if job.rule == ("update" if before is None else "create"):
        taken.kinds["skipped"] += 1
        return None
    try:
        if before is None:
            return Plan(row, _new(world, job, row, known_id or world.new_id()), "created")
        return _changed(world, job, row, before)
    except LineFault as fault:
        taken.reject(row.line, fault.column, fault.value, fault.reason)
        return None


def _new(world: World, job: Import, row: Row, identifier: str) -> Contact:
    now = world.now()
    return Contact(
        identifier,
        row.address,
        _merged(row.defaults, row),
        lists=_lists(frozenset(), job),
        created_at=now,
        updated_at=now,
        imported=with_mark((), job.id, row.line, "created"),
        owner_id=row.owner_id,
        company_id=row.company_id,
        tags=row.tags | job.tags,
        points=row.points or 0,
        stage=row.stage,
    )


def _changed(world: World, job: Import, row: Row, before: Contact) -> Plan:
    """The row's values over the contact's. A row that changes nothing still leaves its mark."""
    if before.merged_into is not None:
        raise LineFault(row.column, row.typed, f"This contact was merged into {before.merged_into}.")
    lists = _lists(before.lists, job)
    if len(lists) > MAX_LISTS:
        raise LineFault(row.column, row.typed, f"This contact is on {MAX_LISTS} lists already.")
    changed = replace(
        before,
        fields=_merged(before.fields, row),
        lists=lists,
        owner_id=row.owner_id or before.owner_id,
        company_id=row.company_id or before.company_id,
        tags=_tagged(before, row, job),
        points=before.points if row.points is None else row.points,
        stage=row.stage or before.stage,
    )
    kind: Kind = "unchanged" if changed == before else "updated"
    contact = replace(
        changed,
        version=before.version + 1,
        updated_at=before.updated_at if kind == "unchanged" else world.now(),
        imported=with_mark(before.imported, job.id, row.line, kind),
    )
    return Plan(row, contact, kind, before)


def _tagged(before: Contact, row: Row, job: Import) -> frozenset[str]:
    try:
        return with_tags(before.tags, row.tags | job.tags, frozenset())
    except Fault as fault:
        raise LineFault("", row.typed, f"{fault.message} {fault.hint}") from None


def _merged(before: Mapping[str, Value], row: Row) -> Mapping[str, Value]:
    try:
        return merged(before, row.fields)
    except Fault as fault:
        raise LineFault("", row.typed, f"{fault.message} {fault.hint}") from None


def _keep_names(world: World, job: Import, plans: Sequence[Plan]) -> None:
    """New tags and stages are on the team's lists before a contact has them."""
    tags.keep(world, [*job.tags, *(tag for plan in plans for tag in plan.row.tags)])
    stages.keep(world, [plan.row.stage for plan in plans])


def _put(world: World, job: Import, plans: Sequence[Plan]) -> set[str]:
    """The ids of the contacts that were written."""
    _keep_names(world, job, plans)
    return _created(world, plans) | _updated(world, plans, f"import {job.id}")


def _created(world: World, plans: Sequence[Plan]) -> set[str]:
    new = ((plan.contact, plan.row.hash) for plan in plans if plan.kind == "created")
    return {each for batch in _batches(new, CREATES) for each in world.contacts.create_many(batch)}


def _updated(world: World, plans: Sequence[Plan], by: str) -> set[str]:
    pairs = [(plan.before, plan.contact) for plan in plans if plan.before is not None]
    noted = iter(history.all_noted(world, pairs, by))
    return {each for batch in _batches(noted, UPDATES) for each in world.contacts.update_many(batch)}


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
