"""One call for recipients of a chunk: all that it needs, its journal entry, the call itself, its outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.compose.untracked import for_contact
from chalicelib.model import pacing
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import WAITING, Call, Chunk, begun, judged
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import (
    CallRefused,
    Halted,
    InDoubt,
    LetterHalted,
    NotSent,
    Outcome,
    Refused,
    SendingFault,
    outcome_of,
)
from chalicelib.model.reading import Reading
from chalicelib.work import broadcasting, slots
from chalicelib.work.addressees import addressees
from chalicelib.work.envelopes import envelope
from chalicelib.work.outcomes import Made, recorded
from chalicelib.work.sieve import Sifted
from chalicelib.work.world import World

# The slot itself has come: what its copies use up is taken from whoever comes next, however far ahead.
COPIES_AHEAD_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Next:
    """How a chunk goes on after a call: its state, the broadcast as it was read last, how many to take next at most,
    how long to wait first (ms). `blocked` are positions whose domain's limit is used up for `blocked_ms`. `slot` has
    come and was not used up.
    """

    chunk: Chunk
    broadcast: Broadcast
    size: int
    wait: int = 0
    blocked: frozenset[int] = frozenset()
    blocked_ms: int = 0
    slot: slots.Taken | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Positions of a chunk that get the same letter, tracked or not, by which slot, and what was read of them.
    `letter` is their choice.
    """

    chunk: Chunk
    taken: slots.Taken
    letter: str
    tracking: bool
    positions: tuple[int, ...]
    reading: Reading
    read_at: int
    sieve: Sifted = field(default_factory=Sifted)


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything a call needs, made before its journal entry: nothing of ours can fail after it."""

    taken: slots.Taken
    revision: Revision
    envelopes: Sequence[Envelope]
    call: Call
    read_at: int


def sent(world: World, at: Next, group: Group) -> Next | None:
    """Those of one read who get one member of the family: revision, journal, call. None where somebody else has the
    chunk, or the broadcast was halted.
    """
    member = at.broadcast.member(group.letter)
    revision = world.revisions.read(member.email, member.revision)
    if revision is None:
        missing = f"Revision {member.revision} of the e-mail {member.email} is not in the bucket."
        broadcasting.halt(world, at.broadcast.id, missing)
        return None
    revision = for_contact(revision, tracking=group.tracking)
    group = replace(group, positions=group.positions[: _room(at, group, len(revision.bcc))])
    _charge_copies(world, group.taken, len(group.positions) * len(revision.bcc))
    ready = _ready(world, revision, group)
    addresses = {i: each.address for i, each in zip(ready.call.members, ready.envelopes, strict=True)}
    domains = at.broadcast.domain_letters(addresses)
    journal = begun(group.chunk, ready.call, group.sieve.skipped, group.letter, group.sieve.later, domains)
    return _sent(world, replace(at, chunk=journal), ready) if world.chunks.write(journal) else None


def _room(at: Next, group: Group, copies: int) -> int:
    """How many letters fit into the call, each with its copies."""
    return max(1, min(at.size, group.taken.recipients) // (1 + copies))


def _charge_copies(world: World, taken: slots.Taken, copies: int) -> None:
    """A BCC's copy is a recipient for the provider, though not for us: it uses up the budget behind this call."""
    if copies:
        slots.charge(world, taken.setup, copies, COPIES_AHEAD_MS)


def _ready(world: World, revision: Revision, group: Group) -> Ready:
    now, chunk = world.now(), group.chunk
    call = Call(world.new_id(), now, now + world.timing.lease, group.positions, group.taken.setup.id)
    people = addressees(world, revision, [group.reading.contacts[chunk.contacts[i]] for i in group.positions])
    keys = (MessageKey(chunk.contacts[i], chunk.family) for i in group.positions)
    envelopes = [envelope(world, revision, to, key, call.attempt) for to, key in zip(people, keys, strict=True)]
    return Ready(group.taken, revision, envelopes, call, group.read_at)


def _sent(world: World, at: Next, ready: Ready) -> Next | None:
    """The call itself and what came of it. A call that would start too late is taken back unsent."""
    if not _in_time(world, ready):
        after = judged(at.chunk, dict.fromkeys(ready.call.members, WAITING))
        slots.unused(world, ready.taken, len(ready.envelopes))
        return replace(at, chunk=after) if world.chunks.write(after) else None
    try:
        begin_by = ready.read_at + world.timing.reading_age
        outcomes = world.transports.send(ready.taken.setup, ready.revision, ready.envelopes, begin_by)
    except Halted as fault:
        return _halted(world, at, ready, fault)
    except CallRefused as fault:
        return _split(world, at, ready, fault)
    except SendingFault as fault:
        outcomes = [outcome_of(fault)] * len(ready.envelopes)
    following = _recorded(world, at, ready, outcomes)
    slot = slots.again(world, ready.taken) if following and _all_throttled(outcomes) else None
    if following is not None and slot is not None:
        return replace(following, slot=slot)
    slots.report(world, ready.taken, outcomes)
    return _next(following, outcomes)


def _all_throttled(outcomes: Sequence[Outcome]) -> bool:
    return all(isinstance(each, NotSent) and each.throttled for each in outcomes)


def _in_time(world: World, ready: Ready) -> bool:
    """Whether the reads are fresh and the lease outlives the call, whatever the clocks' skew."""
    now, timing = world.now(), world.timing
    lease_left = ready.call.lease_until - now
    return now - ready.read_at <= timing.reading_age and lease_left > timing.call_timeout + timing.skew


def _halted(world: World, at: Next, ready: Ready, fault: Halted) -> Next | None:
    """Nobody was sent to. What halts this letter alone halts its broadcast; otherwise the next transport has its turn,
    where there is one.
    """
    after = _recorded(world, at, ready, [NotSent(fault.reason)] * len(ready.envelopes))
    if isinstance(fault, LetterHalted):
        broadcasting.halt(world, at.chunk.broadcast, fault.reason)
        return None
    slots.halted(world, ready.taken, fault.reason)
    return after


def _split(world: World, at: Next, ready: Ready, fault: CallRefused) -> Next | None:
    """A refused call was not sent to anyone: half as many next time, until the culprit stands alone."""
    alone = len(ready.envelopes) == 1
    outcome: Outcome = Refused(fault.reason) if alone else NotSent(fault.reason)
    after = _recorded(world, at, ready, [outcome] * len(ready.envelopes))
    slots.report(world, ready.taken, [Refused(fault.reason)])
    return replace(after, size=max(1, len(ready.envelopes) // 2)) if after else None


def _recorded(world: World, at: Next, ready: Ready, outcomes: Sequence[Outcome]) -> Next | None:
    by_position: Mapping[int, Outcome] = dict(zip(ready.call.members, outcomes, strict=True))
    letters = {
        i: Made(each.values, at.broadcast.cohort(at.chunk, i, each.address))
        for i, each in zip(ready.call.members, ready.envelopes, strict=True)
    }
    after = recorded(world, at.chunk, ready.call, ready.revision, by_position, letters)
    return replace(at, chunk=after) if after else None


def _next(after: Next | None, outcomes: Sequence[Outcome]) -> Next | None:
    """Goes on at once, at full size again, or waits where somebody was not sent or is in doubt."""
    if after is None:
        return None
    trouble = any(isinstance(each, NotSent | InDoubt) for each in outcomes)
    return replace(after, size=after.size * 2, wait=pacing.backoff_ms(after.chunk.tries) if trouble else 0)
