"""How often a recurring mail goes out, in the ways that people choose from, and as the cron that says the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from chalicelib.model.errors import Invalid

Every = Literal["daily", "weekly", "monthly", "cron"]
EVERY: tuple[Every, ...] = get_args(Every)
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
# Each month has these; what is behind the 28th is chosen as the last one.
LAST_DAY = "L"
MONTH_DAYS = (*map(str, range(1, 29)), LAST_DAY)

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_CRON = re.compile(r"(?P<minute>\d{1,2}) (?P<hour>\d{1,2}) (?P<monthday>\*|L|\d{1,2}) \* (?P<weekdays>\*|[A-Z,]+)")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`time` is HH:MM, `weekdays` are of WEEKDAYS in their order, `monthday` is of MONTH_DAYS. `cron` is there where
    it is none of the other ways.
    """

    every: Every
    time: str = ""
    weekdays: tuple[str, ...] = ()
    monthday: str = ""
    cron: str = ""


def cron_of(rhythm: Rhythm) -> str:
    """Raises Invalid for what is missing, or none of what can be chosen."""
    if rhythm.every == "cron":
        return rhythm.cron
    clock = _TIME.fullmatch(rhythm.time)
    if clock is None:
        raise Invalid("time", rhythm.time, "Give a time of day, such as 09:00.")
    at = f"{int(clock[2])} {int(clock[1])}"
    if rhythm.every == "weekly":
        return f"{at} * * {','.join(_weekdays(rhythm))}"
    if rhythm.every == "monthly" and rhythm.monthday not in MONTH_DAYS:
        raise Invalid("monthday", rhythm.monthday, "Choose a day of the month: 1 to 28, or the last.")
    return f"{at} {rhythm.monthday} * *" if rhythm.every == "monthly" else f"{at} * * *"


def rhythm_of(cron: str) -> Rhythm:
    """The way that says the same; `cron` itself for any other."""
    found = _CRON.fullmatch(cron)
    if found is None:
        return Rhythm("cron", cron=cron)
    time = f"{int(found['hour']):02d}:{int(found['minute']):02d}"
    days = () if found["weekdays"] == "*" else tuple(found["weekdays"].split(","))
    monthday = "" if found["monthday"] == "*" else found["monthday"]
    every: Every = "weekly" if days else "monthly" if monthday else "daily"
    rhythm = Rhythm(every, time, days, monthday)
    try:
        return rhythm if cron_of(rhythm) == cron else Rhythm("cron", cron=cron)
    except Invalid:
        return Rhythm("cron", cron=cron)


def _weekdays(rhythm: Rhythm) -> list[str]:
    strange = [each for each in rhythm.weekdays if each not in WEEKDAYS]
    if strange or not rhythm.weekdays:
        raise Invalid("weekdays", strange or "", "Choose at least one day of the week.")
    return [each for each in WEEKDAYS if each in rhythm.weekdays]
