"""Recurring mails: at each occurrence an edition of the e-mail, in a family of its own, is broadcast.

The sweep looks for what is due. Ids of an occurrence follow from the recurrence and its time: whoever does it again
after a crash finds what was done. Occurrences that were missed (nothing ran, or it was paused) are not made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from cronsim import CronSim, CronSimError

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.zones import epoch_ms, moment_at, zone_of
from chalicelib.work import broadcasting, clearing, cloning, emails, families, keeping, pages
from chalicelib.work.world import World

MAX_RECURRENCES = 100
MAX_CRON = 100
# A letter more often than this is a mistake: the sweep comes each minute.
LEAST_MS = 3_600_000
# How long behind its end one still goes out that fell due before: the sweep is never quite on time.
LATE_MS = 600_000
MEND = 'Give five fields such as "0 9 * * MON": minute, hour, day of the month, month, day of the week.'


@dataclass(frozen=True, slots=True)
class Asked:
    """A recurrence as it is asked for; see `Recurrence`."""

    cron: str
    zone: str
    segments: Sequence[str] | None = None
    exclude: Sequence[str] | None = None
    ends_at: int | None = None


def create(world: World, email_id: str, asked: Asked) -> Recurrence:
    """Raises NotFound, Invalid (cron, zone, segments, no occurrence before the end) and Conflict (not published, or a
    member of its family is not; a translation or variant; too many of them).
    """
    made = proposed(world, email_id, asked)
    if sum(1 for _ in every(world)) >= MAX_RECURRENCES:
        raise Conflict(f"A workspace has at most {MAX_RECURRENCES} recurring e-mails.", hint="Delete one.")
    world.recurrences.create(made)
    return made


def proposed(world: World, email_id: str, asked: Asked) -> Recurrence:
    """The recurrence as `create` would store it. Raises as `create`."""
    email = emails.published(world, email_id, "segment")
    families.members(world, email)
    if asked.segments == [] or (asked.segments is None and not email.segments):
        raise Invalid("segments", asked.segments, "Choose at least one segment, here or in the e-mail.")
    now = world.now()
    first = following(asked.cron, asked.zone, max(now, email.publish_up or 0))
    if asked.ends_at is not None and first > asked.ends_at:
        raise Invalid("ends_at", asked.ends_at, "There is no occurrence before that.")
    return Recurrence(
        world.new_id(),
        email.id,
        asked.cron,
        asked.zone,
        first,
        None if asked.segments is None else broadcasting.known(world, "segments", asked.segments),
        None if asked.exclude is None else broadcasting.known(world, "exclude", asked.exclude),
        asked.ends_at,
        created_at=now,
        updated_at=now,
    )


def read(world: World, recurrence_id: str) -> Recurrence:
    found = world.recurrences.read(recurrence_id)
    if found is None:
        raise NotFound(f"There is no recurrence {recurrence_id!r}.", field="id")
    return found


def every(world: World) -> Iterator[Recurrence]:
    return pages.every(world.recurrences.page)


def pause(world: World, recurrence_id: str) -> Recurrence:
    """What is under way goes on; nothing new begins. Raises NotFound, Conflict."""
    return _changed(world, _standing(world, recurrence_id, "active"), state="paused")


def resume(world: World, recurrence_id: str) -> Recurrence:
    """From the next occurrence on. Raises NotFound, Conflict."""
    before = _standing(world, recurrence_id, "paused")
    return _changed(world, before, state="active", reason="", next_at=following(before.cron, before.zone, world.now()))


def delete(world: World, recurrence_id: str) -> None:
    before = read(world, recurrence_id)
    if not world.recurrences.delete(before.id, before.version):
        raise keeping.moved_on("The recurrence")


def run_due(world: World, recurrence: Recurrence) -> None:
    """Begins the occurrence that is due, if any, and goes on to the next. A caller's fault pauses it and says why."""
    if recurrence.state != "active" or recurrence.next_at > world.now():
        return
    if recurrence.ends_at is not None and world.now() > recurrence.ends_at + LATE_MS:
        _changed(world, recurrence, state="ended")
        return
    try:
        broadcast = _occur(world, recurrence)
    except Fault as fault:
        _changed(world, recurrence, state="paused", reason=fault.message)
        return
    after = following(recurrence.cron, recurrence.zone, world.now())
    over = recurrence.ends_at is not None and after > recurrence.ends_at
    _changed(
        world,
        recurrence,
        state="ended" if over else "active",
        next_at=after,
        occurrences=recurrence.occurrences + 1,
        edition=broadcast.email,
        broadcast=broadcast.id,
    )


def following(cron: str, zone: str, now: int) -> int:
    """The first occurrence behind now (epoch ms). Raises Invalid."""
    return coming(cron, zone, now, 1)[0]


def coming(cron: str, zone: str, now: int, most: int) -> list[int]:
    """The next occurrences behind now (epoch ms), `most` of them, at least one. Raises Invalid.

    An hour that the zone skips is run right behind the gap; one that comes twice is run once, the first time.
    """
    place = zone_of(zone)
    if place is None:
        raise Invalid("zone", zone, "Give the IANA name of a time zone, such as Europe/Paris.")
    if len(cron) > MAX_CRON:
        raise Invalid("cron", cron, f"At most {MAX_CRON} characters.")
    try:
        moments = CronSim(cron, moment_at(now, place))
        found = [epoch_ms(next(moments)) for _ in range(max(2, most))]
    except (CronSimError, StopIteration):
        raise Invalid("cron", cron, MEND) from None
    if found[1] - found[0] < LEAST_MS:
        raise Invalid("cron", cron, "At most once an hour.")
    return found[:most]


def _occur(world: World, recurrence: Recurrence) -> Broadcast:
    """The edition with the program that is published now, under its own name; then its broadcast."""
    original = emails.published(world, recurrence.email, "segment")
    emails.check_window(original, world.now())
    edition = _edition(world, recurrence, original)
    segments = original.segments if recurrence.segments is None else recurrence.segments
    exclude = original.exclude if recurrence.exclude is None else recurrence.exclude
    members, now = families.members(world, edition), world.now()
    broadcast = Broadcast(
        id=_id(world, "broadcast", recurrence),
        email=edition.id,
        family=edition.family,
        revision=1,
        segments=tuple(segments),
        exclude=tuple(exclude),
        at=now,
        created_at=now,
        members=members,
        test=families.test_of(original, members),
        category=original.category,
        over_cap=original.over_cap,
        quiet_hours=original.quiet_hours,
        until=original.publish_down,
        domains=clearing.domains(world, original.id),
    )
    # one that is there was begun by an earlier try, or is due and the sweep begins it
    return world.broadcasts.read(broadcast.id) or _begun(world, broadcast)


def _begun(world: World, broadcast: Broadcast) -> Broadcast:
    """Its family is its own: whoever holds the lock is another sweep that begins this very broadcast."""
    try:
        return broadcasting.begin(world, broadcast)
    except Conflict:
        standing = world.broadcasts.read(broadcast.id)
        if standing is None:
            raise
        return standing


def _edition(world: World, recurrence: Recurrence, original: Email) -> Email:
    """The root of the occurrence's family. It is stored last: what has a root is whole."""
    identifier = _id(world, "edition", recurrence)
    standing = world.emails.read(identifier)
    if standing is not None:
        return standing
    day = moment_at(recurrence.next_at, zone_of(recurrence.zone) or UTC).date()
    published = {each.email: each.revision for each in families.members(world, original)}
    root, *members = cloning.copied_family(world, original, lambda each: _member_id(world, recurrence, each))
    editions = [
        replace(
            copy,
            name=f"{each.name[:80]} {day.isoformat()}",
            text=each.text,
            revision=_revised(world, each, published.get(each.id, each.revision), copy),
            published_at=world.now(),
        )
        for copy in (*members, root)
        if (each := emails.read(world, copy.edition_of))
    ]
    for each in editions:
        world.emails.create(each)
    return editions[-1]


def _revised(world: World, original: Email, number: int, copy: Email) -> int:
    """The number of the copy's revision, which is the original's under another name."""
    revision = world.revisions.read(original.id, number)
    if revision is None:
        raise LookupError(f"revision {original.id}/{number} is not in the bucket")
    world.revisions.put(replace(revision, email=copy.id, family=copy.family, number=1))
    return 1


def _member_id(world: World, recurrence: Recurrence, member: Email) -> str:
    """The root's is the occurrence's own."""
    if member.id == member.family:
        return _id(world, "edition", recurrence)
    return world.signer.hashed("edition", f"{recurrence.id} {recurrence.next_at} {member.id}")


def _id(world: World, kind: str, recurrence: Recurrence) -> str:
    return world.signer.hashed(kind, f"{recurrence.id} {recurrence.next_at}")


def _standing(world: World, recurrence_id: str, state: str) -> Recurrence:
    found = read(world, recurrence_id)
    if found.state != state:
        raise Conflict(f"This recurrence is {found.state}, not {state}.", field="state")
    return found


def _changed(world: World, before: Recurrence, **changes: object) -> Recurrence:
    after = replace(before, **changes, version=before.version + 1, updated_at=world.now())  # type: ignore[arg-type]
    if not world.recurrences.update(after, before.version):
        raise keeping.moved_on("The recurrence")
    return after
