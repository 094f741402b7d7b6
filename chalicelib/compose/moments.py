"""Days and moments as tokens show them: a contact's value read in the contact's time zone, and `+2 days` from now."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from types import MappingProxyType

from chalicelib.model.contact import Value
from chalicelib.model.relative_date import EPOCH, moment_of

MAX_STEPS = 3

_STEP = re.compile(r"\s*([+-]?)\s*([0-9]{1,4})\s*(minute|hour|day|week|month|year)s?\s*", re.IGNORECASE)
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_EXACT: Mapping[str, timedelta] = MappingProxyType({"minute": timedelta(minutes=1), "hour": timedelta(hours=1)})
_DAYS: Mapping[str, timedelta] = MappingProxyType({"day": timedelta(days=1), "week": timedelta(weeks=1)})
_MONTHS: Mapping[str, int] = MappingProxyType({"month": 1, "year": 12})


@dataclass(frozen=True, slots=True)
class Step:
    """`count` may be negative; `unit` is minute, hour, day, week, month or year."""

    count: int
    unit: str


def steps(shift: str) -> tuple[Step, ...] | None:
    """`+2 days`, `-1 month +1 day`; None where it is nothing of the kind."""
    found: list[Step] = []
    at = 0
    while at < len(shift):
        step = _STEP.match(shift, at)
        if step is None or len(found) == MAX_STEPS:
            return None
        found.append(Step(int(step[1] + step[2]), step[3].lower()))
        at = step.end()
    return tuple(found)


def shifted(moment: datetime, by: tuple[Step, ...]) -> datetime | None:
    """Minutes and hours are exact; days and months keep the time of day, and months end at their last day (PHP, and so
    Mautic, makes 3 March of 31 January and a month). None beyond the year 9999.
    """
    try:
        for step in by:
            moment = _stepped(moment, step)
    except (OverflowError, ValueError):
        return None
    return moment


def _stepped(moment: datetime, step: Step) -> datetime:
    if step.unit in _EXACT:
        return (moment.astimezone(UTC) + step.count * _EXACT[step.unit]).astimezone(moment.tzinfo)
    if step.unit in _DAYS:
        return moment + step.count * _DAYS[step.unit]
    year, month = divmod(moment.year * 12 + moment.month - 1 + step.count * _MONTHS[step.unit], 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def read(value: Value, zone: tzinfo, *, needs_a_day: bool) -> datetime | None:
    """A day (the same everywhere), a date-time (moved into the zone; UTC where it names none), or, unless a day is
    needed, a time of day. None for all else.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    found = moment_of(text)
    if isinstance(found, datetime):
        return _moved(found, zone)
    if found is not None:
        return datetime.combine(found, time(), zone)
    if needs_a_day or not _CLOCK.fullmatch(text):
        return None
    hour, minute, second = map(int, f"{text}:0".split(":")[:3])
    return datetime.combine(EPOCH, time(hour, minute, second), zone)


def _moved(moment: datetime, zone: tzinfo) -> datetime | None:
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError):
        return None
