"""Frequency caps at a call: who has had as many letters as a cap allows, counted in the send log itself.

The log is the only count: a letter that was accepted has its row there, or facts that prove it, and one that was not
has neither, however often workers crashed or hints were doubled. Two broadcasts could both read the log before either
has written it; whoever may be near a cap while another broadcast is open therefore takes the person's *turn* first,
and reads again behind it (`docs/decisions/0022-caps-are-counted-in-the-send-log.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.cap import Cap, Recent, Sent, caps_of, may_bind, over_until, since
from chalicelib.model.contact import Contact
from chalicelib.model.fact import EFFECTS
from chalicelib.model.message import MessageKey
from chalicelib.model.workspace import Workspace
from chalicelib.model.zones import zone_of_contact
from chalicelib.work import evidence
from chalicelib.work.world import World

# How soon to ask again for somebody whose turn another broadcast has: its call is over, or its worker is.
AGAIN_MS = 120_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """By contact id: who is over a cap and until when, and who can only be judged later (epoch ms)."""

    over: Mapping[str, int] = field(default_factory=dict)
    busy: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    caps: tuple[Cap, ...]
    zone: tzinfo


# When each person got which family (epoch ms), by contact id: what they got, or may have got.
Log = Mapping[str, Mapping[str, int]]


def verdict(world: World, broadcast: Broadcast, workspace: Workspace, contacts: Sequence[Contact], now: int) -> Verdict:
    """Reads nothing where no cap applies, and only which families went out where too few did for one to be reached."""
    near, recent = _near(world, broadcast.family, broadcast.category, workspace, contacts, now)
    if not near:
        return Verdict()
    log = _log(world, near, recent)
    over, racing = _counted(near, recent, log, now)
    if racing:
        log = _proved(world, racing, recent, log)
        proved, racing = _counted(racing, recent, log, now)
        over |= proved
    if not racing:
        return Verdict(over)
    busy = _busy(world, broadcast, recent, racing, log, now)
    ours = [each for each in racing if each.id not in busy]
    again, _ = _counted(ours, recent, _proved(world, ours, recent, _log(world, ours, recent)), now)
    return Verdict(over | again, busy)


def over(
    world: World, family: str, category: str, workspace: Workspace, contacts: Sequence[Contact], now: int
) -> Mapping[str, int]:
    """Who is over a cap and until when, as the log has it now; nobody's turn is taken. It reads as `verdict` does: a
    message for each recent family, and for those alone who may be near a cap.
    """
    near, recent = _near(world, family, category, workspace, contacts, now)
    return _counted(near, recent, _log(world, near, recent), now)[0] if near else {}


def _near(
    world: World, family: str, category: str, workspace: Workspace, contacts: Sequence[Contact], now: int
) -> tuple[list[Person], dict[str, Recent]]:
    """Those for whom enough families went out for a cap to be reached, and these families."""
    people = [
        Person(each.id, caps, zone_of_contact(each, workspace.zone))
        for each in contacts
        if (caps := caps_of(each, workspace.caps, category))
    ]
    if not people:
        return [], {}
    recent = _recent(world, family, min(since(each.caps, now, each.zone) for each in people))
    return [each for each in people if may_bind(each.caps, recent.values(), now, each.zone)], recent


def _counted(
    people: Sequence[Person], recent: Mapping[str, Recent], log: Log, now: int
) -> tuple[dict[str, int], list[Person]]:
    """Who is over a cap and until when; and of the others those to whom another broadcast may be about to write."""
    over, racing = {}, []
    for each in people:
        got = log[each.id]
        sent = [Sent(at, recent[family].category) for family, at in got.items()]
        if until := over_until(each.caps, sent, now, each.zone):
            over[each.id] = until
        elif any(other.ended_at is None and family not in got for family, other in recent.items()):
            racing.append(each)
    return over, racing


def _recent(world: World, family: str, start: int) -> dict[str, Recent]:
    """By family, without this one; of one with several broadcasts the one that may still send."""
    found = [each for each in world.broadcasts.recent(start) if each.family != family]
    return {each.family: each for each in sorted(found, key=lambda each: each.last)}


def _log(world: World, people: Sequence[Person], recent: Mapping[str, Recent]) -> Log:
    """A row that says failed counts for nothing: nothing reached that person."""
    rows = world.messages.read_many([MessageKey(each.id, family) for each in people for family in recent])
    log: dict[str, dict[str, int]] = {each.id: {} for each in people}
    for key, row in rows.items():
        if row.state != "failed":
            log[key.contact][key.family] = row.at
    return log


def _proved(world: World, people: Sequence[Person], recent: Mapping[str, Recent], log: Log) -> Log:
    """The log with what has no row yet, its call being in doubt, and was accepted all the same."""
    open_ones = [family for family, each in recent.items() if each.ended_at is None]
    keys = [MessageKey(each.id, family) for each in people for family in open_ones if family not in log[each.id]]
    found = {each.id: dict(log[each.id]) for each in people}
    for key, facts in evidence.proofs(world, keys).items():
        moments = [fact.event.at for fact in facts if EFFECTS[fact.event.kind].proves]
        if moments:
            found[key.contact][key.family] = min(moments)
    return found


def _busy(
    world: World, broadcast: Broadcast, recent: Mapping[str, Recent], racing: Sequence[Person], log: Log, now: int
) -> dict[str, int]:
    """Those whose turn another broadcast has; all of them as long as calls may be under way, for an older one, that do
    not know yet that this broadcast has begun, and so took no turn.
    """
    timing, began_at = world.timing, broadcast.started_at or now
    known_at = began_at + timing.reading_age + timing.call_timeout + timing.skew
    if now < known_at and any(each.ended_at is None and each.started_at <= began_at for each in recent.values()):
        return {each.id: known_at for each in racing}
    got = {each.id: frozenset(log[each.id]) for each in racing}
    taken = world.turns.take(broadcast.family, got, now + timing.lease + timing.evidence_window, now)
    return {each: now + AGAIN_MS for each in got if each not in taken}
