"""Resting: a broadcast that is over, with nobody but held ones left to settle, is not looked through each minute.

Evidence and decisions alone settle whoever is held, and both wake it. Between them it is looked at ever more seldom.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.broadcast import ENDED, Broadcast
from chalicelib.model.errors import Conflict
from chalicelib.work.world import World

LEAST_MS, MOST_MS = 60_000, 3_600_000
TRIES = 10


def rest(world: World, broadcast: Broadcast) -> None:
    """Until half as much time again has passed since its end, an hour at the most. Where it was written since it was
    read something has come, and it does not rest.
    """
    now = world.now()
    wait = min(MOST_MS, max(LEAST_MS, (now - (broadcast.ended_at or 0)) // 2))
    world.broadcasts.update(replace(broadcast, look_at=now + wait, version=broadcast.version + 1), broadcast.version)


def wake(world: World, family: str) -> None:
    """For what came back about somebody of this family, and is stored. Written even where it does not rest: whoever
    looked through it before must not put it to rest now. Raises Conflict.
    """
    holder = world.broadcasts.lock_holder(family)
    if holder is not None:
        woken(world, holder)


def woken(world: World, broadcast_id: str) -> Broadcast | None:
    """The broadcast as it stands, at rest no more; None where there is none."""
    for _ in range(TRIES):
        before = world.broadcasts.read(broadcast_id)
        if before is None or before.closed or before.state not in ENDED:
            return before
        after = replace(before, look_at=0, version=before.version + 1)
        if world.broadcasts.update(after, before.version):
            return after
    raise Conflict(f"Broadcast {broadcast_id} is changing too fast.", hint="Try again in a moment.")
