"""When a broadcast is to go out, as callers write it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.api.times import milliseconds
from chalicelib.model.errors import Invalid
from chalicelib.model.schedule import IfGone, Schedule, Timing, When, begins_at, wall_clock
from chalicelib.model.zones import zone_name
from chalicelib.work import workspaces
from chalicelib.work.world import World


class Timed(msgspec.Struct, forbid_unknown_fields=True):
    """`at` and `until` with a zone (Z, +02:00), or as a wall clock of `zone` (the workspace's) shows them. `timing`:
    everybody at that instant, each at that `local` time in their own zone, or each at their own `best_hour` from then
    on. `if_gone`: whoever's clock shows a later time already gets it now, or the next_day. `joiners`: whoever joins
    later gets it too, until `until`. `rate` is in recipients a second; as fast as the transports allow without.
    """

    at: str | None = None
    zone: str | None = None
    timing: Timing = "instant"
    if_gone: IfGone = "now"
    until: str | None = None
    joiners: bool = False
    rate: float | None = None


def when_of(world: World, given: Timed) -> When:
    """Raises Invalid."""
    zone = zone_name(given.zone, "zone") if given.zone is not None else None
    schedule = _schedule(world, given, zone)
    if schedule is None and given.timing != "instant":
        mend = "This timing needs a local time without a zone, such as 2031-05-04T09:30."
        raise Invalid("at", given.at, mend)
    at = milliseconds("at", given.at) if given.at is not None and schedule is None else None
    until = None if given.until is None else moment(world, "until", given.until, zone)
    return When(at, schedule, until, given.joiners, given.rate)


def moment(world: World, field: str, text: str, zone: str | None) -> int:
    """Epoch milliseconds of a time with a zone, or of one on a wall clock of this zone, else the workspace's."""
    if not _is_local(text):
        return milliseconds(field, text)
    wall_clock(text, field)
    return begins_at(Schedule(text, zone or workspaces.read(world).zone))


def _schedule(world: World, given: Timed, zone: str | None) -> Schedule | None:
    if given.at is None or not _is_local(given.at):
        if zone is not None:
            raise Invalid("zone", given.zone, "A zone goes with a local time: give `at` without one.")
        return None
    local = wall_clock(given.at, "at").isoformat(timespec="minutes")
    return Schedule(local, zone or workspaces.read(world).zone, given.timing, given.if_gone)


def _is_local(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
