"""The standing choice to resend without evidence: who is held is mailed again by itself, once, while we would know it.

It acts only while the feedback road is proven alive: events of later sendings are recorded, they come soon, and none of
them is among the dead letters. What then has not been told of a call was most probably never said.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import HELD, Call, Chunk, call_of
from chalicelib.model.decision import STANDING, Decision
from chalicelib.model.message import MessageKey
from chalicelib.model.pulse import Pulse, is_alive
from chalicelib.work import routing, workspaces
from chalicelib.work.world import World

MOST = 100


def consider(world: World, broadcast: Broadcast, chunks: Sequence[Chunk]) -> None:
    """A decision about up to a hundred of those held among these chunks, where the team has chosen so."""
    held = [(chunk, i, call) for chunk in chunks for i in chunk.at(HELD) if (call := call_of(chunk, i))]
    if not held or broadcast.state == "cancelled" or not workspaces.read(world).resend_without_evidence:
        return
    pulse = world.pulses.read("events")
    if pulse is None or not is_alive(pulse, world.now()) or world.dead_letters.number("events"):
        return
    keys = [
        MessageKey(chunk.contacts[i], chunk.family) for chunk, i, call in held if _would_be_known(world, pulse, call)
    ]
    chosen = tuple(key.contact for key in _never_resent(world, keys[:MOST]))
    if chosen:
        world.decisions.create(
            Decision(world.new_id(), broadcast.id, "resend", chosen, number=len(chosen), by=STANDING, at=world.now())
        )
        world.hints.tend(broadcast.id)


def _would_be_known(world: World, pulse: Pulse, call: Call) -> bool:
    """Whether events of sendings later than this call have come, by a road that tells of this call's too."""
    setup = routing.named(world, call.transport)
    return setup is not None and setup.gives_evidence and pulse.event_at > call.lease_until


def _never_resent(world: World, keys: Sequence[MessageKey]) -> list[MessageKey]:
    """A second doubt about the same person is for somebody to look at."""
    known = world.facts.read_many(keys) if keys else {}
    resent = {key for key, each in known.items() if any(fact.event.kind == "resent" for fact in each.facts)}
    return [key for key in keys if key not in resent]
