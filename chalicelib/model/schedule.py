"""When a broadcast goes out, on wall clocks.

A local time that a zone skips (clocks go forward) is taken as if they had not been put forward: 02:30 in the gap is
03:30 behind it (RFC 5545 section 3.3.5). A time that comes twice (clocks go back) is the first of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal, get_args

from chalicelib.model.errors import Invalid
from chalicelib.model.zones import epoch_ms, moment_at, zone_of

# For everybody at one instant; at the same local time for each in their own zone; at each one's own best hour.
Timing = Literal["instant", "local", "best_hour"]
TIMINGS: tuple[Timing, ...] = get_args(Timing)
# Who is late already, at their own clock: sent to at once, or at that time of the next day.
IfGone = Literal["now", "next_day"]
IF_GONE: tuple[IfGone, ...] = get_args(IfGone)

# The clocks that are ahead of all others, and behind them (Kiribati; the ocean west of Hawaii).
FIRST_ZONE, LAST_ZONE = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`local` is a time on a wall clock (2031-05-04T09:30), `zone` the IANA name of where it hangs, and what stands in
    for recipients without a zone.
    """

    local: str
    zone: str
    timing: Timing = "instant"
    if_gone: IfGone = "now"


@dataclass(frozen=True, slots=True)
class When:
    """Of a broadcast that is asked for: at once where it says nothing. `at` and `until` are epoch milliseconds; nobody
    is sent to after `until`. With `joiners` it goes on to whoever joins the audience later. `rate` is in recipients a
    second, None for as fast as the transports allow.
    """

    at: int | None = None
    schedule: Schedule | None = None
    until: int | None = None
    joiners: bool = False
    rate: float | None = None


def instant(local: datetime, zone: tzinfo) -> int:
    """Epoch milliseconds of a time on this zone's wall clock."""
    return epoch_ms(local.replace(tzinfo=zone, fold=0))


def wall_clock(text: str, place: str) -> datetime:
    """Raises Invalid for what is no local time, or one with a zone or more than whole minutes."""
    mend = 'Give a local time without a zone, in whole minutes, such as "2031-05-04T09:30".'
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(place, text, mend) from None
    if moment.tzinfo is not None or moment.second or moment.microsecond:
        raise Invalid(place, text, mend)
    return moment


def begins_at(schedule: Schedule) -> int:
    """When the first recipient may be sent to (epoch ms)."""
    local = datetime.fromisoformat(schedule.local)
    return instant(local, FIRST_ZONE if schedule.timing == "local" else _home(schedule))


def is_gone(schedule: Schedule, now: int) -> bool:
    """Whether that time has come everywhere it could be meant."""
    local = datetime.fromisoformat(schedule.local)
    return instant(local, LAST_ZONE if schedule.timing == "local" else _home(schedule)) <= now


def due_at(schedule: Schedule, zone: tzinfo | None, hour: int | None, now: int) -> int:
    """When a recipient in this zone is to be sent to (epoch ms), 0 for at once. `hour` is the best one of this person's
    day; without one the schedule's own time of day stands in.
    """
    local, zone = datetime.fromisoformat(schedule.local), zone or _home(schedule)
    if schedule.timing == "best_hour":
        wanted = local if hour is None else local.replace(hour=hour, minute=0)
        return _next(wanted, zone, max(begins_at(schedule), now), now)
    at = instant(local, zone)
    if at <= now and schedule.if_gone == "next_day":
        return _next(local, zone, now, now)
    return at if at > now else 0


def _next(wanted: datetime, zone: tzinfo, earliest: int, now: int) -> int:
    """The first moment from `earliest` on at which this wall clock shows this time of day."""
    day = moment_at(earliest, zone).date()
    local = datetime.combine(day, wanted.time())
    while (at := instant(local, zone)) < earliest:
        local += DAY
    return at if at > now else 0


def _home(schedule: Schedule) -> tzinfo:
    return zone_of(schedule.zone) or UTC
