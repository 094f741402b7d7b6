"""Who is pending for an e-mail: to whom a broadcast started now would go.

A member of a chosen segment, in no excluded one, not suppressed, with consent, to whom no message of the family
went: the same rule by which a call leaves people out (`model/eligibility.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from chalicelib.model.chunk import SKIPS
from chalicelib.model.contact import Contact
from chalicelib.model.eligibility import skip_letter
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.message import MessageKey
from chalicelib.model.pending import PendingCount
from chalicelib.model.segment import MAX_CHOSEN, Segment
from chalicelib.work import judging
from chalicelib.work.addresses import address_hash
from chalicelib.work.audience import Belongs, list_walk, membership, reads_as_lists, rosters
from chalicelib.work.world import World

Item = TypeVar("Item")

BATCH = 100
# The sample: at least this many contacts, at most about four times as many.
SAMPLE = 2_000
PARTS = (65_536, 16_384, 4_096, 1_024, 256, 64, 16, 4, 1)
PAGE = 500
# What an answer at once may take, and what a job leaves for its last write.
PATIENCE_MS = 8_000
RESERVE_MS = 10_000


@dataclass(frozen=True, slots=True)
class Audience:
    """The segments of a count, read. `email` gives the family whose messages count. `lists_only` never changes while a
    job counts: a live filter's rows may.
    """

    email: Email
    segments: Mapping[str, Segment]
    include: tuple[str, ...]
    exclude: tuple[str, ...]

    @property
    def lists_only(self) -> bool:
        return all(segment.is_list for segment in self.segments.values())

    @property
    def rosters(self) -> tuple[list[str], list[str]]:
        """Of those included and those excluded."""
        return rosters(self.segments, self.include), rosters(self.segments, self.exclude)


def of_email(
    world: World, email_id: str, segments: Sequence[str] | None = None, exclude: Sequence[str] | None = None
) -> dict[str, Any]:
    """An answer at once, for the e-mail's own segments unless others are given.

    Exact for lists and live filters that are kept: `{"pending": n, "exact": true}`. With another filter, or where the
    time does not do, an estimate that states its sample: `{"estimate": n, "sample": k, "scanned": m, "exact": false}`:
    `scanned` contacts were looked at, `sample` of them belong to the audience. `pending_job` counts exactly. Raises
    NotFound, Conflict (a template e-mail) and Invalid (segments).
    """
    audience = audience_of(world, email_id, segments, exclude)
    by_rows = reads_as_lists(world, audience.segments.values())
    counted = _counted_lists(world, audience) if by_rows else None
    if counted is not None:
        return {"pending": counted, "exact": True}
    return _estimated(world, audience)


def pending_job(
    world: World, email_id: str, segments: Sequence[str] | None = None, exclude: Sequence[str] | None = None
) -> PendingCount:
    """Begins an exact count, whatever the segments are; `read_job` tells how far it is."""
    audience = audience_of(world, email_id, segments, exclude)
    count = PendingCount(world.new_id(), audience.email.id, audience.include, audience.exclude, created_at=world.now())
    if not world.counts.create(count):
        raise Conflict(f"The id {count.id} is taken.", hint="Try again.")
    world.hints.count(count.id)
    return count


def read_job(world: World, count_id: str) -> PendingCount:
    count = world.counts.read(count_id) if is_id(count_id) else None
    if count is None:
        raise NotFound(f"There is no count {count_id[:60]!r}.", field="id")
    return count


def run_count(world: World, count_id: str) -> None:
    """Goes on with a count from where it stands until it is done or the time is up, and then hints itself.

    Each step is one write conditional on the row that it began from: a job that is doubled, killed or overtaken
    counts nobody twice.
    """
    count = world.counts.read(count_id)
    if count is None or count.state not in ("waiting", "running"):
        return
    try:
        audience = audience_of(world, count.email, count.segments, count.exclude)
    except (NotFound, Invalid) as fault:
        _stored(world, count, state="failed", reason=fault.message, finished_at=world.now())
        return
    running: PendingCount | None = count
    while running is not None and running.state != "finished":
        if world.time_left() < RESERVE_MS:
            world.hints.count(count_id)
            return
        running = _step(world, audience, running)


@dataclass(frozen=True, slots=True)
class Seen:
    """Contacts looked at in one step, those of them in the audience, the cursor behind them, whether all are done."""

    looked_at: int
    contacts: Sequence[Contact]
    cursor: str
    done: bool


def step(world: World, audience: Audience, cursor: str) -> Seen:
    """The next contacts behind the cursor."""
    return (_list_step if audience.lists_only else _scan_step)(world, audience, cursor)


def _step(world: World, audience: Audience, count: PendingCount) -> PendingCount | None:
    seen = step(world, audience, count.cursor)
    return _stored(
        world,
        count,
        state="finished" if seen.done else "running",
        cursor=seen.cursor,
        scanned=count.scanned + seen.looked_at,
        pending=count.pending + _pending(world, audience.email, seen.contacts),
        finished_at=world.now() if seen.done else None,
    )


def _list_step(world: World, audience: Audience, cursor: str) -> Seen:
    members = list(islice(list_walk(world, *audience.rosters, cursor), PAGE))
    found = list(world.contacts.read_many(members).values())
    return Seen(len(members), found, members[-1] if members else cursor, len(members) < PAGE)


def _scan_step(world: World, audience: Audience, cursor: str) -> Seen:
    belongs = _membership(world, audience)
    contacts, done = world.contacts.scan(0, 1, cursor, PAGE)
    found = [contact for contact in contacts if belongs(contact)]
    return Seen(len(contacts), found, contacts[-1].id if contacts else cursor, done)


def _stored(world: World, count: PendingCount, **changes: Any) -> PendingCount | None:  # noqa: ANN401  # fields of the row
    """The row with these changes; None where another job has gone on from it."""
    after = replace(count, **changes, version=count.version + 1)
    return after if world.counts.update(after, count.version) else None


def _counted_lists(world: World, audience: Audience) -> int | None:
    """The exact number; None where the time would not do."""
    until = world.now() + min(PATIENCE_MS, world.time_left() - RESERVE_MS)
    members = list_walk(world, *audience.rosters, "")
    pending = 0
    for batch in _batches(members):
        if world.now() > until:
            return None
        contacts = world.contacts.read_many(batch)
        pending += _pending(world, audience.email, list(contacts.values()))
    return pending


def _estimated(world: World, audience: Audience) -> dict[str, Any]:
    """The pending among the contacts of a sample, times the share of all that it is."""
    belongs = _membership(world, audience)
    scanned, parts = sampled(world)
    found = [contact for contact in scanned if belongs(contact)]
    pending = _pending(world, audience.email, found)
    if parts == 1:
        return {"pending": pending, "exact": True}
    return {"estimate": pending * parts, "sample": len(found), "scanned": len(scanned), "exact": False}


def sampled(world: World) -> tuple[list[Contact], int]:
    """One part of a parallel scan, and the number of parts: where that is 1 it is the whole table.

    DynamoDB cuts a scan into parts by the hash of the key, so each part is a chance selection of about the same
    size, and the first of 256 lies within the first of 64: the smallest part that holds a sample is taken.
    """
    for parts in PARTS:
        scanned = _part(world, parts)
        if len(scanned) >= SAMPLE:
            break
    return scanned, parts


def _membership(world: World, audience: Audience) -> Belongs:
    setting = judging.of_segments(world, audience.segments.values())
    return membership(audience.segments, audience.include, audience.exclude, setting)


def _part(world: World, parts: int) -> list[Contact]:
    contacts, done = world.contacts.scan(0, parts, "", PAGE)
    while not done:
        page, done = world.contacts.scan(0, parts, contacts[-1].id, PAGE)
        contacts += page
    return contacts


def pending_among(world: World, email: Email, contacts: Sequence[Contact]) -> list[Contact]:
    """Those of the contacts to whom a broadcast started now would go."""
    return [contact for contact, reason in judged(world, email, contacts) if reason is None]


def judged(world: World, email: Email, contacts: Sequence[Contact]) -> list[tuple[Contact, str | None]]:
    """Each of the contacts, and why a broadcast started now would leave them out (a name of `chunk.SKIPS`)."""
    return [each for batch in _batches(iter(contacts)) for each in _judged_batch(world, email, batch)]


def _pending(world: World, email: Email, contacts: Sequence[Contact]) -> int:
    return len(pending_among(world, email, contacts))


def _judged_batch(world: World, email: Email, contacts: Sequence[Contact]) -> list[tuple[Contact, str | None]]:
    keys = {contact.id: MessageKey(contact.id, email.family) for contact in contacts}
    hashes = {contact.id: address_hash(world, contact.address) for contact in contacts}
    rows = world.messages.read_many(list(keys.values()))
    suppressions = world.suppressions.read_many(list(hashes.values()))
    judge = partial(skip_letter, now=world.now(), category=email.category)
    found = {each.id: judge(each, rows.get(keys[each.id]), suppressions.get(hashes[each.id])) for each in contacts}
    return [(contact, SKIPS[letter] if (letter := found[contact.id]) else None) for contact in contacts]


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def audience_of(world: World, email_id: str, segments: Sequence[str] | None, exclude: Sequence[str] | None) -> Audience:
    """The segments read. Raises NotFound, Conflict (a template e-mail) and Invalid (segments)."""
    email = world.emails.read(email_id) if is_id(email_id) else None
    if email is None:
        raise NotFound(f"There is no e-mail {email_id[:60]!r}.", field="id")
    if email.kind == "template":
        raise Conflict("A template e-mail goes to one contact at a time: nobody is pending for it.", field="kind")
    include = tuple(dict.fromkeys(email.segments if segments is None else segments))
    without = tuple(dict.fromkeys(email.exclude if exclude is None else exclude))
    if len(include) + len(without) > 2 * MAX_CHOSEN:
        raise Invalid("segments", len(include) + len(without), f"At most {MAX_CHOSEN} segments.")
    known = world.segments.read_many([*include, *without])
    for each in (*include, *without):
        if each not in known:
            raise Invalid("segments" if each in include else "exclude", each, "There is no such segment.")
    if not include:
        raise Invalid("segments", [], "The e-mail names no segment: give it some, or name them here.")
    return Audience(email, known, include, without)
