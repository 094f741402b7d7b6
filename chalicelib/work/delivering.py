"""Delivering: a chunk's recipients, a call at a time, each of them at most once.

The order is what makes it safe (`docs/route.md`): slot, reads, journal, call, rows, outcome. A crash before the
journal is certainly not sent; one after it leaves a lease, and then a doubt that evidence settles (`tending.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.compose.untracked import for_contact
from chalicelib.model import pacing
from chalicelib.model.broadcast import RUNNING, Broadcast
from chalicelib.model.chunk import WAITING, Call, Chunk, begun, judged, roused, sifted_out
from chalicelib.model.contact import Contact
from chalicelib.model.family import CHOICES, choice
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import CallInDoubt, CallNotSent, CallRefused, Halted, InDoubt, NotSent, Outcome, Refused
from chalicelib.model.reading import Reading
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import broadcasting, routing
from chalicelib.work.addressees import addressees
from chalicelib.work.envelopes import envelope
from chalicelib.work.outcomes import recorded
from chalicelib.work.sieve import Sifted, sifted
from chalicelib.work.world import World

MARGIN_MS = 5_000
# The slot itself has come: what its copies use up is taken from whoever comes next, however far ahead.
COPIES_AHEAD_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Next:
    """How a chunk goes on after a call: its state, how many to take next at most, how long to wait first (ms)."""

    chunk: Chunk
    size: int
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything a call needs, made before its journal entry: nothing of ours can fail after it."""

    setup: TransportSetup
    revision: Revision
    envelopes: Sequence[Envelope]
    call: Call
    read_at: int


@dataclass(frozen=True, slots=True)
class Group:
    """Positions of a chunk that get the same letter, tracked or not, and what was read of them. `letter` is their
    choice.
    """

    chunk: Chunk
    setup: TransportSetup
    letter: str
    tracking: bool
    positions: tuple[int, ...]
    reading: Reading
    read_at: int
    sieve: Sifted = field(default_factory=Sifted)


def deliver(world: World, broadcast_id: str, walker: int, number: int) -> None:
    """Sends to everyone of the chunk who still waits, as long as there is time; then hints itself."""
    chunk = world.chunks.read(broadcast_id, walker, number)
    setup = routing.first(world, "broadcast")
    if setup is None:
        broadcasting.halt(world, broadcast_id, routing.NOBODY)
        return
    size = most = pacing.call_size(world.transports.quota(setup).per_second)
    while chunk is not None and _has_come(world, chunk):
        after = _call(world, roused(chunk, world.now()), setup, size)
        if after is None:
            return
        if after.wait:
            _hint(world, chunk, after.wait)
            return
        chunk, size = after.chunk, min(most, after.size)


def _has_come(world: World, chunk: Chunk) -> bool:
    """Whether somebody may be sent to now. Where a moment is wanting (clocks differ) the hint comes back; those who are
    put off for longer are hinted when they are due.
    """
    now = world.now()
    if chunk.waiting or not chunk.due_at or chunk.due_at <= now:
        return bool(roused(chunk, now).waiting)
    if chunk.due_at - now <= world.timing.skew:
        _hint(world, chunk, chunk.due_at - now)
    return False


def _call(world: World, chunk: Chunk, setup: TransportSetup, size: int) -> Next | None:
    """One call's way; None where the chunk is somebody else's now or the broadcast does not run."""
    positions = chunk.waiting[:size]
    late = _slot(world, setup, len(positions))
    if late:
        return Next(chunk, size, wait=late)
    read_at = world.now()
    reading = world.recipients.read(chunk.broadcast, chunk.family, [chunk.contacts[i] for i in positions])
    broadcast = reading.broadcast
    if broadcast is None or broadcast.state not in RUNNING or broadcast.is_over(read_at):
        return None
    sieve = sifted(world, broadcast, chunk, positions, reading, read_at)
    going = [i for i in positions if i not in sieve]
    if not going:
        after = sifted_out(chunk, sieve.skipped, sieve.later)
        return Next(after, size) if world.chunks.write(after) else None
    groups = _grouped(broadcast, chunk, going, reading)
    following = _group_sent(world, broadcast, Group(chunk, setup, *groups[0], reading, read_at, sieve), size)
    for letter, tracking, members in groups[1:]:
        if following is None or following.wait or world.now() - read_at > world.timing.reading_age:
            break
        group = Group(following.chunk, setup, letter, tracking, members, reading, read_at)
        following = _group_sent(world, broadcast, group, size)
    return following


def _grouped(
    broadcast: Broadcast, chunk: Chunk, going: Sequence[int], reading: Reading
) -> list[tuple[str, bool, tuple[int, ...]]]:
    """Who gets which member of the family ("" where there is only one), with tracking or without; a call is for one
    of these groups.
    """
    groups: dict[tuple[str, bool], list[int]] = {}
    for i in going:
        contact = reading.contacts[chunk.contacts[i]]
        groups.setdefault((_choice(broadcast, contact), contact.tracking), []).append(i)
    return [(*key, tuple(members)) for key, members in groups.items()]


def _choice(broadcast: Broadcast, contact: Contact) -> str:
    if not broadcast.members:
        return ""
    return CHOICES[choice(broadcast.members, broadcast.family, contact, broadcast.winner)]


def _group_sent(world: World, broadcast: Broadcast, group: Group, size: int) -> Next | None:
    """Those of one read who get one member of the family: revision, journal, call."""
    member = broadcast.member(group.letter)
    revision = world.revisions.read(member.email, member.revision)
    if revision is None:
        missing = f"Revision {member.revision} of the e-mail {member.email} is not in the bucket."
        broadcasting.halt(world, broadcast.id, missing)
        return None
    revision = for_contact(revision, tracking=group.tracking)
    room = max(1, size // (1 + len(revision.bcc)))
    group = replace(group, positions=group.positions[:room])
    _charge_copies(world, group.setup, len(group.positions) * len(revision.bcc))
    ready = _ready(world, revision, group)
    journal = begun(group.chunk, ready.call, group.sieve.skipped, group.letter, group.sieve.later)
    return _sent(world, journal, ready, size) if world.chunks.write(journal) else None


def _slot(world: World, setup: TransportSetup, recipients: int) -> int:
    """Waits for the call's slot in the send budget: 0 when it has come, else how long it is away (ms)."""
    rate, now = world.transports.quota(setup).per_second, world.now()
    cost = pacing.cost_ms(recipients, rate)
    needed = world.timing.ahead + world.timing.call_timeout + MARGIN_MS
    slot = world.budget.reserve(cost, now, world.timing.ahead) if world.time_left() > needed else None
    if slot is None:
        return pacing.turn_ms(rate)
    world.sleep(max(0, slot - now))
    return 0


def _charge_copies(world: World, setup: TransportSetup, copies: int) -> None:
    """A BCC's copy is a recipient for the provider, though not for us: it uses up the budget behind this call."""
    if copies:
        cost = pacing.cost_ms(copies, world.transports.quota(setup).per_second)
        world.budget.reserve(cost, world.now(), COPIES_AHEAD_MS)


def _ready(world: World, revision: Revision, group: Group) -> Ready:
    now, chunk = world.now(), group.chunk
    call = Call(world.new_id(), now, now + world.timing.lease, group.positions, group.setup.id)
    people = addressees(world, revision, [group.reading.contacts[chunk.contacts[i]] for i in group.positions])
    keys = (MessageKey(chunk.contacts[i], chunk.family) for i in group.positions)
    envelopes = [envelope(world, revision, to, key, call.attempt) for to, key in zip(people, keys, strict=True)]
    return Ready(group.setup, revision, envelopes, call, group.read_at)


def _sent(world: World, chunk: Chunk, ready: Ready, size: int) -> Next | None:
    """The call itself and what came of it. A call that would start too late is taken back unsent."""
    if not _in_time(world, ready):
        after = judged(chunk, dict.fromkeys(ready.call.members, WAITING))
        return Next(after, size) if world.chunks.write(after) else None
    try:
        outcomes = world.transports.send(ready.setup, ready.revision, ready.envelopes)
    except Halted as fault:
        _record(world, chunk, ready, [NotSent(fault.reason)] * len(ready.envelopes))
        broadcasting.halt(world, chunk.broadcast, fault.reason)
        return None
    except CallRefused as fault:
        return _split(world, chunk, ready, fault)
    except CallNotSent as fault:
        outcomes = [NotSent(fault.reason)] * len(ready.envelopes)
    except CallInDoubt as fault:
        outcomes = [InDoubt(fault.reason)] * len(ready.envelopes)
    return _next(_record(world, chunk, ready, outcomes), outcomes, size)


def _in_time(world: World, ready: Ready) -> bool:
    """Whether the reads are fresh and the lease outlives the call, whatever the clocks' skew."""
    now, timing = world.now(), world.timing
    lease_left = ready.call.lease_until - now
    return now - ready.read_at <= timing.reading_age and lease_left > timing.call_timeout + timing.skew


def _split(world: World, chunk: Chunk, ready: Ready, fault: CallRefused) -> Next | None:
    """A refused call was not sent to anyone: half as many next time, until the culprit stands alone."""
    alone = len(ready.envelopes) == 1
    outcome: Outcome = Refused(fault.reason) if alone else NotSent(fault.reason)
    after = _record(world, chunk, ready, [outcome] * len(ready.envelopes))
    return Next(after, max(1, len(ready.envelopes) // 2)) if after else None


def _record(world: World, chunk: Chunk, ready: Ready, outcomes: Sequence[Outcome]) -> Chunk | None:
    by_position: Mapping[int, Outcome] = dict(zip(ready.call.members, outcomes, strict=True))
    return recorded(world, chunk, ready.call, ready.revision, by_position)


def _next(chunk: Chunk | None, outcomes: Sequence[Outcome], size: int) -> Next | None:
    """Goes on at once, at full size again, or waits where somebody was not sent or is in doubt."""
    if chunk is None:
        return None
    trouble = any(isinstance(each, NotSent | InDoubt) for each in outcomes)
    return Next(chunk, size * 2, pacing.backoff_ms(chunk.tries) if trouble else 0)


def _hint(world: World, chunk: Chunk, wait: int) -> None:
    delay = -(-wait // pacing.SECOND)
    world.hints.deliver(chunk.broadcast, chunk.walker, [chunk.number], delay)
