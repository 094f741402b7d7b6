"""The minute's sweep: whatever is due is hinted again. The state is in the rows; a hint may be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from chalicelib.work import broadcasting, recurring, segment_sizes, segments, suppression_sync
from chalicelib.work.world import World

MESSAGES = 500


def sweep(world: World) -> None:
    """Starts what is due, tends what is open, hints messages, imports and counts that wait.

    What fails of it holds up nothing else, and is raised together at the end.
    """
    errors: list[Exception] = []
    for job in _jobs(world):
        try:
            job()
        except Exception as error:  # noqa: BLE001  # one bad row must not stop every other broadcast, each minute
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} parts of the sweep failed", errors)


def _jobs(world: World) -> Iterator[Callable[[], None]]:
    yield from (partial(recurring.run_due, world, each) for each in recurring.every(world))
    yield from (partial(_broadcast, world, each) for each in world.broadcasts.open())
    yield from (partial(world.hints.message, each.key) for each in world.messages.due(world.now(), MESSAGES))
    yield from (partial(world.hints.run_import, each) for each in world.imports.open())
    yield from (partial(world.hints.count, each) for each in world.counts.open())
    yield from (partial(world.hints.preflight, each) for each in world.preflights.open())
    yield from (partial(world.hints.export, each) for each in world.exports.open())
    yield from (partial(world.hints.erase, each) for each in world.erasures.open())
    yield from (partial(world.hints.merge, each) for each in world.merges.open())
    yield from (partial(world.hints.relabel, each) for each in world.relabellings.open())
    yield from (partial(world.hints.rename, each) for each in world.renamings.open())
    yield from (partial(world.hints.fill, each) for each in world.fillings.open())
    yield partial(segments.adopt, world)
    yield partial(segment_sizes.note_day, world)
    yield partial(suppression_sync.sync, world)


def _broadcast(world: World, broadcast_id: str) -> None:
    broadcast = world.broadcasts.read(broadcast_id)
    if broadcast is not None and broadcast.state == "scheduled":
        if broadcast.is_over(world.now()):
            broadcasting.cancel(world, broadcast_id, "It could not begin before its time was over.")
        elif broadcast.at <= world.now():
            broadcasting.start(world, broadcast)
    else:
        world.hints.tend(broadcast_id)
