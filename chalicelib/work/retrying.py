"""Trying again to reach those whom no provider took: a broadcast of its own, of the same letter."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.errors import Conflict
from chalicelib.model.source import Source
from chalicelib.work import broadcasting
from chalicelib.work.world import World


def retry(world: World, broadcast_id: str, *, whatever: bool = False) -> Broadcast:
    """A broadcast to those who failed in this one for a reason that may be over, `whatever` the reason where asked.

    It is the same revision; with a mended letter a broadcast of the e-mail reaches them too. Raises NotFound, and
    Conflict where the broadcast is not over or nobody failed.
    """
    progress = broadcasting.progress(world, broadcast_id)
    before = progress.broadcast
    if not before.closed:
        hint = f"It is {before.state}. Wait for it; where people are held: POST /v1/broadcasts/{before.id}/held."
        raise Conflict("This broadcast is not settled yet.", field="state", hint=hint)
    if not progress.tally.failed:
        raise Conflict("Nobody of this broadcast failed.", hint=f"GET /v1/broadcasts/{before.id}/missed says who did.")
    now = world.now()
    source = Source((before.id,), "all_failed" if whatever else "failed")
    again = Broadcast(
        id=world.new_id(),
        email=before.email,
        family=before.family,
        revision=before.revision,
        segments=(),
        exclude=(),
        at=now,
        created_at=now,
        members=before.members,
        winner=before.winner,
        category=before.category,
        over_cap=before.over_cap,
        quiet_hours=before.quiet_hours,
        source=source,
        domains=before.domains,
    )
    return broadcasting.begin(world, replace(again, test=None))
