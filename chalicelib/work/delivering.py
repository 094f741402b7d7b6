"""Delivering: a chunk's recipients, a call at a time, each of them at most once.

The order is what makes it safe (`docs/route.md`): slot, reads, journal, call, rows, outcome. A crash before the
journal is certainly not sent; one after it leaves a lease, and then a doubt that evidence settles (`tending.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.model import pacing
from chalicelib.model.broadcast import RUNNING, Broadcast
from chalicelib.model.chunk import CHUNK, Chunk, roused, sifted_out
from chalicelib.model.contact import Contact
from chalicelib.model.family import CHOICES, choice
from chalicelib.model.reading import Reading
from chalicelib.work import broadcasting, slots
from chalicelib.work.calling import Group, Next, sent
from chalicelib.work.sieve import Sifted, sifted
from chalicelib.work.world import World

MARGIN_MS = 5_000
NOBODY = Sifted()


@dataclass(frozen=True, slots=True)
class Turn:
    """A slot that has come, whom it was taken for, and what was then read of them."""

    taken: slots.Taken
    positions: tuple[int, ...]
    reading: Reading
    read_at: int


def deliver(world: World, broadcast_id: str, walker: int, number: int) -> None:
    """Sends to everyone of the chunk who still waits, as long as there is time; then hints itself."""
    broadcast, chunk = world.chunks.with_broadcast(broadcast_id, walker, number)
    after = Next(chunk, broadcast, CHUNK) if chunk and broadcast else None
    while after is not None and not after.wait and _runs(world, after.broadcast) and _has_come(world, after.chunk):
        after = _call(world, replace(after, chunk=roused(after.chunk, world.now())))
    # what waits longer is hinted by the sweep
    if after is not None and 0 < after.wait <= world.timing.rehint:
        _hint(world, after.chunk, after.wait)


def _runs(world: World, broadcast: Broadcast | None) -> bool:
    return broadcast is not None and broadcast.state in RUNNING and not broadcast.is_over(world.now())


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


def _call(world: World, at: Next) -> Next | None:
    """One call's way; None where the chunk is somebody else's now or the broadcast does not run."""
    chunk = at.chunk
    positions = tuple(i for i in chunk.waiting if i not in at.blocked)[: at.size]
    if not positions:
        return replace(at, wait=at.blocked_ms)
    taken = _slot(world, at, len(positions))
    if isinstance(taken, slots.Later):
        return replace(at, wait=taken.wait)
    if isinstance(taken, slots.Stop):
        broadcasting.halt(world, chunk.broadcast, taken.reason)
        return None
    at, positions = replace(at, slot=None), positions[: taken.recipients]
    read_at = world.now()
    reading = world.recipients.read(chunk.broadcast, chunk.family, [chunk.contacts[i] for i in positions])
    if reading.broadcast is None or not _runs(world, reading.broadcast):
        slots.unused(world, taken, len(positions))
        return None
    return _called(world, replace(at, broadcast=reading.broadcast), Turn(taken, positions, reading, read_at))


def _slot(world: World, at: Next, recipients: int) -> slots.Taken | slots.Later | slots.Stop:
    """Waits for the call's slot, where the job's time still holds the wait and the call."""
    if at.slot is not None:
        return at.slot
    chunk, broadcast, ahead = at.chunk, at.broadcast, world.timing.ahead
    longest = world.time_left() - world.timing.call_timeout - MARGIN_MS
    if longest <= ahead:
        return slots.Later(pacing.SECOND)
    until = world.now() + longest
    wanted = slots.Wanted("broadcast", recipients, ahead, until, chunk.number, broadcast.id, broadcast.rate)
    return slots.take(world, wanted)


def _called(world: World, at: Next, turn: Turn) -> Next | None:
    """A call for each letter that goes to somebody of a turn, as long as what was read is fresh."""
    sieve = sifted(world, at.broadcast, at.chunk, turn.positions, turn.reading, turn.read_at)
    addresses = {i: _contact(at.chunk, turn, i).address for i in turn.positions if i not in sieve}
    going, blocked_ms = slots.admitted(world, turn.taken.setup, addresses)
    slots.unused(world, turn.taken, len(turn.positions) - len(going))
    blocked = addresses.keys() - going
    at = replace(at, blocked=at.blocked | blocked, blocked_ms=blocked_ms)
    if not going:
        return _nobody_goes(world, at, sieve, sifts=len(blocked) < len(turn.positions))
    following: Next | None = at
    for group in _groups(at, turn, sorted(going)):
        if following is None or following.wait or (following is not at and _is_stale(world, turn)):
            break
        left_out = sieve if following is at else NOBODY
        following = sent(world, at, replace(group, chunk=following.chunk, sieve=left_out))
    return following


def _nobody_goes(world: World, at: Next, sieve: Sifted, *, sifts: bool) -> Next | None:
    """All of a turn are left out, put off or wait for their domain."""
    if not sifts:
        return at
    after = sifted_out(at.chunk, sieve.skipped, sieve.later)
    return replace(at, chunk=after) if world.chunks.write(after) else None


def _is_stale(world: World, turn: Turn) -> bool:
    return world.now() - turn.read_at > world.timing.reading_age


def _groups(at: Next, turn: Turn, going: Sequence[int]) -> Iterator[Group]:
    """Who gets which member of the family ("" where there is only one), with tracking or without; a call is for one
    of these groups.
    """
    groups: dict[tuple[str, bool], list[int]] = {}
    for i in going:
        contact = _contact(at.chunk, turn, i)
        groups.setdefault((_choice(at.broadcast, contact), contact.tracking), []).append(i)
    for (letter, tracking), members in groups.items():
        yield Group(at.chunk, turn.taken, letter, tracking, tuple(members), turn.reading, turn.read_at)


def _choice(broadcast: Broadcast, contact: Contact) -> str:
    if not broadcast.members:
        return ""
    return CHOICES[choice(broadcast.members, broadcast.family, contact, broadcast.winner)]


def _contact(chunk: Chunk, turn: Turn, position: int) -> Contact:
    return turn.reading.contacts[chunk.contacts[position]]


def _hint(world: World, chunk: Chunk, wait: int) -> None:
    delay = -(-wait // pacing.SECOND)
    world.hints.deliver(chunk.broadcast, chunk.walker, [chunk.number], delay)
