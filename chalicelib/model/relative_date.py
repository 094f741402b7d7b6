"""Days and moments as filters write them, resolved once for the moment of judging, in the workspace's zone.

Absolute, ISO 8601: `2026-11-24`, `2026-11-24T09:30:00Z` (without a zone: UTC, as the API stores them). Relative, as
in Mautic: `today`, `tomorrow`, `yesterday`, `this week`, `last month`, `next year`, `+5 days`, `-2 weeks`,
`3 months ago`. A week begins on Monday (ISO 8601). Months and years keep the day of the month, or take the month's
last (PHP, and so Mautic, runs over into the next month). Minutes and hours give a moment, all else whole days.

An anniversary is a day of the year: `birthday` or `anniversary`, which mean today, and `birthday +7 days`, the day in a
week's time, whatever the year. Who was born on 29 February is found on 28 February in years without a 29th.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import TypeVar

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEPS = r"(?P<sign>[+-]) ?(?P<count>[0-9]{1,4}) ?(?P<unit>minute|hour|day|week|month|year)s?"
RELATIVE = re.compile(
    r"(?P<day>today|tomorrow|yesterday)"
    r"|(?P<which>this|last|next) (?P<period>week|month|year)"
    rf"|{STEPS}"
    r"|(?P<ago>[0-9]{1,4}) (?P<ago_unit>minute|hour|day|week|month|year)s? ago"
)
ANNIVERSARY = re.compile(rf"(?:birthday|anniversary)(?: ?{STEPS})?")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
DAY_LENGTH = len("2026-11-24")
BEHIND_ALL = ":"  # the character behind 9
EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

MonthDay = tuple[int, int]
Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is epoch milliseconds; None where no relative date is to be resolved."""

    now: int | None = None
    zone: tzinfo = UTC

    @property
    def moment(self) -> datetime:
        if self.now is None:
            raise ValueError("A relative date is judged at a moment: give `now`.")
        return (EPOCH + timedelta(milliseconds=self.now)).astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Span:
    """`start` <= what lies within < `end`; microseconds since 1970 in UTC, as `instant` gives them."""

    start: int
    end: int


def is_date(text: str) -> bool:
    """Whether `span` knows the text."""
    return moment_of(text) is not None or RELATIVE.fullmatch(text.lower()) is not None


def is_anniversary(text: str) -> bool:
    found = ANNIVERSARY.fullmatch(text.lower())
    return found is not None and found["unit"] not in ("minute", "hour")


def span(text: str, clock: Clock) -> Span | None:
    """What an absolute or relative date covers; None for other text. ValueError for a relative one without `now`."""
    moment = moment_of(text)
    if moment is None:
        found = RELATIVE.fullmatch(text.lower())
        return None if found is None else _resolved(found, clock)
    if isinstance(moment, datetime):
        return _at(moment)
    return _days(moment, moment, clock.zone)


def instant(text: str, zone: tzinfo) -> int | None:
    """Microseconds since 1970 of an absolute day (its midnight in the zone) or moment; None for other text."""
    moment = moment_of(text)
    if moment is None:
        return None
    return _number(moment) if isinstance(moment, datetime) else _midnight(moment, zone)


def month_days(first: str, last: str, clock: Clock) -> frozenset[MonthDay]:
    """The days of the year from one anniversary to another (the same one for a single day), both included."""
    day, end = _celebrated(first, clock), _celebrated(last, clock)
    found: set[MonthDay] = set()
    for _ in range(366):
        if day > end:
            break
        found |= _celebrating(day)
        day = _moved(day, timedelta(days=1))
    return frozenset(found)


def month_day(microseconds: int, zone: tzinfo) -> MonthDay | None:
    try:
        day = (EPOCH + timedelta(microseconds=microseconds)).astimezone(zone)
    except (OverflowError, ValueError):
        return None
    return day.month, day.day


def first_day(microseconds: int, zone: tzinfo) -> str:
    """The first day, in ISO 8601, whose midnight in the zone is not before this moment; a text behind all days where
    there is none.
    """
    if microseconds <= _midnight(date.min, zone):
        return str(date.min)
    if microseconds > _number(LATEST):
        return BEHIND_ALL
    day = _moved(EPOCH, timedelta(microseconds=microseconds)).date()
    near = (_moved(day, timedelta(days=each)) for each in range(-2, 4))
    return next((str(each) for each in near if _midnight(each, zone) >= microseconds), BEHIND_ALL)


def day_of(text: str) -> date | None:
    """A date for `2026-11-24`; None for all else (`2026-W48-2` too)."""
    if text[7:8] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment_of(text: str) -> date | datetime | None:
    """A date for a day, an aware date-time in UTC for a moment; None for all else."""
    if len(text) == DAY_LENGTH:
        return day_of(text)
    if not MOMENT.fullmatch(text):
        return None
    try:
        return _in_utc(text)
    except (ValueError, OverflowError):
        return None


def _in_utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _resolved(found: re.Match[str], clock: Clock) -> Span:
    today = clock.moment.date()
    if found["day"]:
        day = _moved(today, timedelta(days=NAMED[found["day"]]))
        return _days(day, day, clock.zone)
    if found["which"]:
        return _days(*PERIODS[found["period"]](today, NAMED[found["which"]]), clock.zone)
    count, unit = (-int(found["ago"]), found["ago_unit"]) if found["ago"] else _step(found)
    if unit in CLOCK_UNITS:
        return _at(_moved(clock.moment.astimezone(UTC), count * CLOCK_UNITS[unit]))
    day = _stepped(today, count, unit)
    return _days(day, day, clock.zone)


NAMED: Mapping[str, int] = MappingProxyType(
    {"today": 0, "tomorrow": 1, "yesterday": -1, "this": 0, "next": 1, "last": -1}
)
CLOCK_UNITS: Mapping[str, timedelta] = MappingProxyType({"minute": timedelta(minutes=1), "hour": timedelta(hours=1)})
DAYS: Mapping[str, int] = MappingProxyType({"day": 1, "week": 7})
MONTHS: Mapping[str, int] = MappingProxyType({"month": 1, "year": 12})


def _step(found: re.Match[str]) -> tuple[int, str]:
    return int(found["sign"] + found["count"]), found["unit"]


def _stepped(day: date, count: int, unit: str) -> date:
    if unit in DAYS:
        return _moved(day, timedelta(days=count * DAYS[unit]))
    return _months_on(day, count * MONTHS[unit])


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week(today: date, count: int) -> tuple[date, date]:
    first = _moved(today, timedelta(days=7 * count - today.weekday()))
    return first, _moved(first, timedelta(days=6))


def _month(today: date, count: int) -> tuple[date, date]:
    first = _months_on(today.replace(day=1), count)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _year(today: date, count: int) -> tuple[date, date]:
    first = _months_on(today.replace(month=1, day=1), 12 * count)
    return first, first.replace(month=12, day=31)


PERIODS: Mapping[str, Callable[[date, int], tuple[date, date]]] = MappingProxyType(
    {"week": _week, "month": _month, "year": _year}
)


def _celebrated(text: str, clock: Clock) -> date:
    found = ANNIVERSARY.fullmatch(text.lower())
    if found is None:
        raise ValueError(text)
    today = clock.moment.date()
    return _stepped(today, *_step(found)) if found["sign"] else today


def _celebrating(day: date) -> set[MonthDay]:
    leapless = (day.month, day.day) == (2, 28) and not isleap(day.year)
    return {(day.month, day.day)} | ({(2, 29)} if leapless else set())


def _moved(moment: Moment, by: timedelta) -> Moment:
    """Held within the years that a calendar knows."""
    try:
        return moment + by
    except OverflowError:
        pass
    if isinstance(moment, datetime):
        return EARLIEST if by < timedelta() else LATEST
    return date.min if by < timedelta() else date.max


def _days(first: date, last: date, zone: tzinfo) -> Span:
    end = _number(LATEST) + 1 if last == date.max else _midnight(last + timedelta(days=1), zone)
    return Span(_midnight(first, zone), end)


def _at(moment: datetime) -> Span:
    number = _number(moment)
    return Span(number, number + 1)


def _number(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _midnight(day: date, zone: tzinfo) -> int:
    """A midnight that the change to summer time skips counts as the moment of the change."""
    return _number(datetime.combine(day, time(), zone))
