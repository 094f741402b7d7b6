"""How large segments are, noted once a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.work import following, segments, workspaces
from chalicelib.work.world import World

MOST_DAYS = 400
# Stands where a segment's id would: the day was noted for all of them.
NOTED = "all"


def note_day(world: World) -> None:
    """The sizes of this day in the workspace's zone, unless they are noted already."""
    today = _today(world)
    if world.segment_sizes.since(NOTED, today, 1):
        return
    for segment in following.every(world):
        if segment.size is not None:
            world.segment_sizes.put(segment.id, today, segment.size)
    world.segment_sizes.put(NOTED, today, 0)


def over_time(world: World, segment_id: str) -> list[tuple[date, int]]:
    """Day by day, the earliest first, for the last 400 days at most. Raises NotFound."""
    segment = segments.read(world, segment_id)
    return world.segment_sizes.since(segment.id, _today(world) - timedelta(days=MOST_DAYS - 1), MOST_DAYS)


def _today(world: World) -> date:
    return datetime.fromtimestamp(world.now() / 1_000, ZoneInfo(workspaces.read(world).zone)).date()
