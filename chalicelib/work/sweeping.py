"""The minute's sweep: whatever is due is hinted again. The state is in the rows; a hint may be lost."""

from __future__ import annotations

from chalicelib.work import broadcasting
from chalicelib.work.world import World

MESSAGES = 500


def sweep(world: World) -> None:
    """Starts what is due, tends what is open, hints messages, imports and counts that wait."""
    for broadcast_id in world.broadcasts.open():
        _broadcast(world, broadcast_id)
    for message in world.messages.due(world.now(), MESSAGES):
        world.hints.message(message.key)
    for import_id in world.imports.open():
        world.hints.run_import(import_id)
    for count_id in world.counts.open():
        world.hints.count(count_id)


def _broadcast(world: World, broadcast_id: str) -> None:
    broadcast = world.broadcasts.read(broadcast_id)
    if broadcast is not None and broadcast.state == "scheduled":
        if broadcast.at <= world.now():
            broadcasting.start(world, broadcast)
    else:
        world.hints.tend(broadcast_id)
