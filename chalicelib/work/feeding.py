"""Feeding: hints for the next chunks, never more than two and a half minutes' worth of them.

Hints that wait in a queue cost a receive each time they come too early, so a walk hands them out as the quota
uses them up. A hint that was lost is given again after `timing.rehint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.model.broadcast import RUNNING, Broadcast, Walk
from chalicelib.model.chunk import CHUNK, Chunk
from chalicelib.work.world import World

HORIZON_S = 150
LEAST = 20


def ahead(world: World) -> int:
    """How many chunks may have a hint out at once."""
    return max(LEAST, int(world.transport.quota().per_second * HORIZON_S) // CHUNK)


def feed(world: World, broadcast: Broadcast, walk: Walk, waiting: int) -> Walk:
    """Hints for chunks that had none, `waiting` being how many hinted ones wait still.

    The walk is written first: a chunk that is under way is always below `fed`, so that every count sees it.
    """
    end = min(walk.chunks, walk.fed + max(0, ahead(world) - waiting))
    if broadcast.state not in RUNNING or end <= walk.fed:
        return walk
    after = replace(walk, fed=end, fed_at=world.now(), version=walk.version + 1)
    if not world.broadcasts.update_walk(broadcast.id, after, walk.version):
        return walk
    world.hints.deliver(broadcast.id, walk.number, range(walk.fed, end))
    return after


def feed_again(world: World, broadcast: Broadcast, walk: Walk) -> Walk:
    """Hints once more for all hinted chunks that wait, and for new ones: after a resume, or a long silence."""
    under_way = world.chunks.between(broadcast.id, walk.number, walk.settled, walk.fed)
    waiting = [chunk.number for chunk in under_way if chunk.waiting]
    return feed(world, broadcast, rehint(world, broadcast, walk, waiting), len(waiting))


def rehint(world: World, broadcast: Broadcast, walk: Walk, waiting: Sequence[int]) -> Walk:
    after = replace(walk, fed_at=world.now(), version=walk.version + 1)
    if not waiting or not world.broadcasts.update_walk(broadcast.id, after, walk.version):
        return walk
    world.hints.deliver(broadcast.id, walk.number, waiting)
    return after


def overdue(world: World, walk: Walk, chunks: Sequence[Chunk]) -> list[int]:
    """The chunks that have waited since the last hints longer than a hint lives."""
    if world.now() - walk.fed_at < world.timing.rehint:
        return []
    return [chunk.number for chunk in chunks if chunk.waiting]
