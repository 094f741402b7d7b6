"""Tending a broadcast: leases that ran out, doubts, lost hints, sums and the end.

Runs every minute for each broadcast that is open, and does nothing that may not be done twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from chalicelib.model.broadcast import ENDED, RUNNING, Broadcast, Tally, Walk, add_fates, moved, tallied
from chalicelib.model.chunk import CALLING, HELD, IN_DOUBT, Call, Chunk, call_of, choice_of, expired, judged
from chalicelib.model.decision import Decision
from chalicelib.model.errors import Conflict
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import Outcome
from chalicelib.model.sent import add_sent
from chalicelib.work import (
    broadcasting,
    deciding,
    evidence,
    feeding,
    joining,
    planning,
    resting,
    routing,
    standing_choice,
    testing,
)
from chalicelib.work.outcomes import FATES, message_row
from chalicelib.work.world import World

# What the send log says of whoever was in doubt until evidence came.
PROVED = "The answer was lost; what came back proves that it was taken."
OVER = "Its time is over: nobody is sent to any more."


@dataclass(frozen=True, slots=True)
class Tended:
    """A broadcast, the decisions about its held recipients that are open, and the chunks behind its walks' sums."""

    broadcast: Broadcast
    decisions: tuple[Decision, ...]
    unsummed: list[Chunk] = field(default_factory=list)


def tend(world: World, broadcast_id: str) -> None:
    """Looks after one broadcast; nothing where it is over and everything about it is settled."""
    broadcast = world.broadcasts.read(broadcast_id)
    if broadcast is None or broadcast.closed or broadcast.state == "scheduled":
        return
    if broadcast.state == "planning":
        _replan(world, broadcast)
        broadcast = world.broadcasts.read(broadcast_id) or broadcast
    # before the chunks are read: what is decided behind this sees its broadcast written, and then nothing concludes
    decisions = deciding.still_open(world, broadcast_id)
    if broadcast.rests(world.now()):
        if not decisions:
            return
        broadcast = resting.woken(world, broadcast_id) or broadcast
    reopened = deciding.reopened(world, broadcast, decisions)
    if reopened is None:
        return
    tended = Tended(reopened, decisions)
    walks = [_tend_walk(world, tended, walk) for walk in world.broadcasts.walks(broadcast_id)]
    deciding.close(world, decisions, tended.unsummed)
    if not decisions:
        standing_choice.consider(world, reopened, tended.unsummed)
        _conclude(world, reopened, walks, tended.unsummed)


def _replan(world: World, broadcast: Broadcast) -> None:
    """Hints again the walks that have made no progress for long, and moves on when all are done."""
    planning.finish_planning(world, broadcast.id)
    for walk in world.broadcasts.walks(broadcast.id):
        if not walk.done and world.now() - walk.progressed_at >= world.timing.rehint:
            world.hints.plan(broadcast.id, walk.number)


def _tend_walk(world: World, tended: Tended, walk: Walk) -> Walk:
    """Settles what can be settled, sums up the settled start, feeds; adds to `unsummed` the chunks behind it."""
    broadcast = tended.broadcast
    under_way = world.chunks.between(broadcast.id, walk.number, walk.settled, walk.fed)
    weighed = (_settled(world, broadcast, chunk) for chunk in under_way)
    chunks = [deciding.applied(world, broadcast, chunk, tended.decisions) for chunk in weighed]
    after = _summed(world, broadcast, walk, chunks)
    tended.unsummed.extend(chunk for chunk in chunks if chunk.number >= after.settled)
    if broadcast.state not in RUNNING:
        return after
    turns = feeding.turns(world, after, chunks)
    after = feeding.rehint(world, broadcast, after, feeding.overdue(world, after, turns.hinted))
    return feeding.feed(world, broadcast, after, len(turns.hinted), turns.due)


def _settled(world: World, broadcast: Broadcast, chunk: Chunk) -> Chunk:
    """The chunk with its expired calls in doubt and its doubts settled, as far as evidence and time allow."""
    moves = {i: IN_DOUBT for call in expired(chunk, world.now()) for i in call.members if chunk.fates[i] == CALLING}
    chunk = _write(world, chunk, moves) if moves else chunk
    doubtful = [*chunk.at(IN_DOUBT), *chunk.at(HELD)]
    return _weighed(world, broadcast, chunk, doubtful) if doubtful else chunk


def _weighed(world: World, broadcast: Broadcast, chunk: Chunk, doubtful: Sequence[int]) -> Chunk:
    calls = {i: call for i in doubtful if (call := call_of(chunk, i))}
    keys = [MessageKey(chunk.contacts[i], chunk.family) for i in calls]
    found = evidence.found(world, keys, [call.attempt for call in calls.values()])
    outcomes = {i: found[key] for i, key in zip(calls, keys, strict=True) if key in found}
    _write_rows(world, broadcast, chunk, calls, outcomes)
    moves = {i: FATES[type(outcome)] for i, outcome in outcomes.items()} | _held(world, chunk, calls, outcomes)
    return _write(world, chunk, moves) if moves else chunk


def _held(world: World, chunk: Chunk, calls: Mapping[int, Call], outcomes: Mapping[int, Outcome]) -> dict[int, str]:
    """Those in doubt whose time for evidence is over."""
    now = world.now()
    return {
        i: HELD
        for i, call in calls.items()
        if i not in outcomes
        and chunk.fates[i] == IN_DOUBT
        and call.lease_until + routing.evidence_window(world, call.transport) < now
    }


def _write_rows(
    world: World, broadcast: Broadcast, chunk: Chunk, calls: Mapping[int, Call], outcomes: Mapping[int, Outcome]
) -> None:
    """A row that the worker itself wrote knows more than this one would: what the letter was filled with."""
    made = []
    for i, outcome in outcomes.items():
        member = broadcast.member(choice_of(chunk, i))
        row = message_row(chunk, calls[i], member.email, member.revision, i, outcome)
        made += [replace(row, reason=row.reason or PROVED, cohort=broadcast.cohort(chunk, i))] if row else []
    known = world.messages.read_many([row.key for row in made])
    missing = [row for row in made if row.key not in known or known[row.key].attempt != row.attempt]
    if missing:
        world.messages.put_many(missing)


def _write(world: World, chunk: Chunk, moves: Mapping[int, str]) -> Chunk:
    """The chunk after these moves; as it was where somebody else was faster: the next round sees to it."""
    after = judged(chunk, moves)
    return after if world.chunks.write(after) else chunk


def _summed(world: World, broadcast: Broadcast, walk: Walk, chunks: Sequence[Chunk]) -> Walk:
    """The walk with the settled chunks at its start summed: they never change again and need no reading."""
    sums, sent = dict(walk.sums), dict(walk.sent)
    settled = walk.settled
    for chunk in chunks:
        if not chunk.settled:
            break
        settled += 1
        add_fates(sums, chunk)
        add_sent(sent, chunk)
    if settled == walk.settled:
        return walk
    after = replace(walk, settled=settled, sums=sums, sent=sent, version=walk.version + 1)
    return after if world.broadcasts.update_walk(broadcast.id, after, walk.version) else walk


def _conclude(world: World, broadcast: Broadcast, walks: Sequence[Walk], chunks: Iterable[Chunk]) -> None:
    """Finished when nobody is unaccounted for; closed, and the family free, when nothing can change any more."""
    tally = tallied(broadcast, walks, chunks)
    if broadcast.state not in ENDED and broadcast.is_over(world.now()) and _is_waited_for(broadcast, tally):
        with suppress(Conflict):
            broadcasting.cancel(world, broadcast.id, OVER)
    elif broadcast.state == "testing" or (
        broadcast.state == "sending" and broadcast.tests and _is_tested(walks, tally)
    ):
        testing.tend(world, broadcast, tally)
    elif broadcast.state == "sending" and not tally.unsettled and joining.goes_on(world, broadcast):
        joining.look_again(world, broadcast, tally)
    elif broadcast.state == "sending" and not tally.unsettled:
        ended = replace(moved(broadcast, "finish"), ended_at=world.now())
        _end(world, broadcast, ended, closed=not tally.held)
    elif broadcast.state in ENDED and not (tally.calling or tally.in_doubt or tally.held) and _quiet(world, broadcast):
        _end(world, broadcast, broadcast, closed=True)
    elif broadcast.state in ENDED and tally.held and not (tally.calling or tally.in_doubt):
        resting.rest(world, broadcast)


def _is_waited_for(broadcast: Broadcast, tally: Tally) -> bool:
    """Whether somebody would be sent to if it went on."""
    return bool(tally.waiting) or not broadcast.walked or broadcast.state in ("testing", "paused")


def _is_tested(walks: Sequence[Walk], tally: Tally) -> bool:
    """Whether everybody who tests has been settled. Whom a cap or quiet hours put off is not waited for: they get the
    winner, as the rest does. Those whose own hour has not come are.
    """
    later = 0 if any(walk.timed for walk in walks) else tally.later
    return tally.unsettled == later


def _quiet(world: World, broadcast: Broadcast) -> bool:
    """Whether every call that read this broadcast before its end has been journalled.

    A worker that read "sending" just before a cancellation may journal its call up to `reading_age` later: were the
    family free by then, another broadcast could mail the same people.
    """
    return world.now() - (broadcast.ended_at or 0) > world.timing.reading_age + world.timing.skew


def _end(world: World, before: Broadcast, after: Broadcast, *, closed: bool) -> None:
    after = replace(after, closed=closed, version=before.version + 1)
    if closed:
        world.broadcasts.close(after, before.version)
    else:
        world.broadcasts.update(after, before.version)
