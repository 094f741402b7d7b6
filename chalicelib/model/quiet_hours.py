"""Quiet hours: a part of the day in which a team does not write to people, each in their own zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from chalicelib.model.errors import Invalid
from chalicelib.model.zones import epoch_ms, moment_at

HOUR = 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until just before `end`, minutes of the day on the wall clock; over midnight where `end` is the
    smaller one.
    """

    start: int
    end: int


def quiet_until(hours: QuietHours, now: int, zone: tzinfo) -> int:
    """When the quiet hours that now lies in are over (epoch ms, behind `now`); 0 where it lies in none."""
    here = moment_at(now, zone)
    minute = here.hour * HOUR + here.minute
    over_midnight = hours.end < hours.start
    within = minute >= hours.start or minute < hours.end if over_midnight else hours.start <= minute < hours.end
    if not within:
        return 0
    day = here.date() + timedelta(days=1 if minute >= hours.end else 0)
    end = datetime.combine(day, time(*divmod(hours.end, HOUR)), zone)
    # where clocks go back the hour comes twice, and its first end may be behind us
    return max(found for fold in (0, 1) if (found := epoch_ms(end.replace(fold=fold))) > now or fold)


def checked_quiet_hours(value: object) -> QuietHours | None:
    """`{"from": "21:00", "to": "08:00"}`; None for none. Raises Invalid."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or value.keys() != {"from", "to"}:
        raise Invalid("quiet_hours", value, 'Give {"from": "21:00", "to": "08:00"}, or null for none.')
    hours = QuietHours(_minute("quiet_hours.from", value["from"]), _minute("quiet_hours.to", value["to"]))
    if hours.start == hours.end:
        raise Invalid("quiet_hours.to", value["to"], "Give another time of day than `from`; null means no quiet hours.")
    return hours


def _minute(place: str, value: object) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Invalid(place, value, "Give a time of day as HH:MM, such as 21:00.")
    return int(found[1]) * HOUR + int(found[2])


def clock(minute: int) -> str:
    hour, rest = divmod(minute, HOUR)
    return f"{hour:02d}:{rest:02d}"
