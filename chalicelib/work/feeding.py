"""Feeding: hints for the next chunks, never more than two and a half minutes' worth of them.

Hints that wait in a queue cost a receive each time they come too early, so a walk hands them out as the quota
uses them up. A hint that was lost is given again after `timing.rehint`. A chunk that is put off has none until it has
come due, and then its turn is before that of the chunks that have not been begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from chalicelib.model.broadcast import RUNNING, Broadcast, Walk, is_hinted
from chalicelib.model.chunk import CHUNK, Chunk
from chalicelib.work import routing
from chalicelib.work.world import World

HORIZON_S = 150
LEAST = 20


@dataclass(frozen=True, slots=True)
class Turns:
    """Chunks below `fed` with somebody to send to: those that have had a hint, and those that were put off, have come
    due and have had none, in the order of their turns.
    """

    hinted: Sequence[Chunk] = ()
    due: Sequence[Chunk] = ()


def ahead(world: World, broadcast: Broadcast) -> int:
    """How many chunks of a walk may have a hint out at once. Each broadcast has as many, however many walks it has:
    whose hints are as many gets as many slots, so that several broadcasts share the rate evenly.
    """
    rate = routing.quota(world, "broadcast").per_second
    rate = rate if broadcast.rate is None else min(rate, broadcast.rate)
    return max(1, max(LEAST, int(rate * HORIZON_S) // CHUNK) // broadcast.walkers)


def turns(world: World, walk: Walk, chunks: Iterable[Chunk]) -> Turns:
    now, hinted, due = world.now(), [], []
    for chunk in chunks:
        if is_hinted(walk, chunk):
            hinted.append(chunk)
        elif chunk.due_at and chunk.due_at <= now:
            due.append(chunk)
    return Turns(hinted, sorted(due, key=attrgetter("turn")))


def feed(world: World, broadcast: Broadcast, walk: Walk, waiting: int, due: Sequence[Chunk] = ()) -> Walk:
    """Hints for chunks that had none, `waiting` being how many hinted ones wait still: for the first of `due`, then for
    new ones.

    The walk is written first: a chunk that is under way is always below `fed`, so that every count sees it.
    """
    room = max(0, ahead(world, broadcast) - waiting)
    if broadcast.state not in RUNNING or not room:
        return walk
    woken = due[:room]
    after = replace(walk, woken=woken[-1].turn) if woken else walk
    end, fresh = _fresh(world, broadcast, after, room - len(woken))
    if end == walk.fed and not woken:
        return walk
    after = replace(after, fed=end, fed_at=world.now(), version=walk.version + 1)
    if not world.broadcasts.update_walk(broadcast.id, after, walk.version):
        return walk
    numbers = [*(chunk.number for chunk in woken), *fresh]
    if numbers:
        world.hints.deliver(broadcast.id, walk.number, numbers)
    return after


def feed_again(world: World, broadcast: Broadcast, walk: Walk) -> Walk:
    """Hints once more for all hinted chunks that wait, and for new ones: after a resume, or a long silence."""
    found = turns(world, walk, world.chunks.between(broadcast.id, walk.number, walk.settled, walk.fed))
    after = rehint(world, broadcast, walk, found.hinted)
    return feed(world, broadcast, after, len(found.hinted), found.due)


def rehint(world: World, broadcast: Broadcast, walk: Walk, waiting: Sequence[Chunk]) -> Walk:
    after = replace(walk, fed_at=world.now(), version=walk.version + 1)
    if not waiting or not world.broadcasts.update_walk(broadcast.id, after, walk.version):
        return walk
    world.hints.deliver(broadcast.id, walk.number, [chunk.number for chunk in waiting])
    return after


def overdue(world: World, walk: Walk, hinted: Sequence[Chunk]) -> Sequence[Chunk]:
    """The chunks that have waited since the last hints longer than a hint lives."""
    return () if world.now() - walk.fed_at < world.timing.rehint else hinted


def _fresh(world: World, broadcast: Broadcast, walk: Walk, room: int) -> tuple[int, Sequence[int]]:
    """How far feeding comes with this much room, and which of the chunks up to there get a hint now: all, but for those
    that were planned for later.
    """
    if not walk.timed:
        end = min(walk.chunks, walk.fed + room)
        return end, range(walk.fed, end)
    end, fresh = walk.fed, list[int]()
    for chunk in world.chunks.between(broadcast.id, walk.number, walk.fed, walk.chunks if room else walk.fed):
        end = chunk.number + 1
        if is_hinted(walk, chunk):
            fresh.append(chunk.number)
        if len(fresh) == room:
            break
    return end, fresh
