"""What a filter is judged with here and now: the moment, the workspace's zone, the live segments, a contact's past."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from zoneinfo import ZoneInfo

from chalicelib.model.filter import Filter, memberships, parsed
from chalicelib.model.segment import Segment
from chalicelib.model.setting import Setting
from chalicelib.work import workspaces
from chalicelib.work.past import past_of
from chalicelib.work.world import World


def setting(world: World, filters: Iterable[Filter]) -> Setting:
    """For these filters, compiled together or one by one."""
    return Setting(
        world.now(), ZoneInfo(workspaces.read(world).zone), live_segments(world, filters), partial(past_of, world)
    )


def of_segments(world: World, segments: Iterable[Segment]) -> Setting:
    return setting(world, [parsed(segment.filter) for segment in segments if segment.filter is not None])


def live_segments(world: World, filters: Iterable[Filter]) -> dict[str, Filter]:
    """The live segments that these filters name, and those that they name in turn, read a generation at a time."""
    live: dict[str, Filter] = {}
    seen: set[str] = set()
    wanted = _named(filters) - seen
    while wanted:
        seen |= wanted
        found = world.segments.read_many(sorted(wanted))
        trees = {each: parsed(segment.filter) for each, segment in found.items() if segment.filter is not None}
        live |= trees
        wanted = _named(trees.values()) - seen
    return live


def _named(filters: Iterable[Filter]) -> set[str]:
    return {each for tree in filters for each in memberships(tree)}
