"""How a contact's value compares with the value of a condition.

Text compares without regard to case, as in Mautic on MySQL (accents count). Numbers typed as text are numbers as
soon as the other side is one. A day (`2026-11-24`) is the whole day in the workspace's zone, and so is a week or a
month: later than it is what comes behind its end, and any moment within equals it. Of several texts any one may fit;
an empty value never does.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from chalicelib.model.contact import Value
from chalicelib.model.matching import like, regexp
from chalicelib.model.relative_date import (
    DAY_LENGTH,
    Clock,
    MonthDay,
    Span,
    day_of,
    first_day,
    instant,
    is_anniversary,
    month_day,
    month_days,
    span,
)

Scalar = str | int | float | bool
Fits = Callable[[Value], bool]
When = Span | frozenset[MonthDay]

NUMERIC = (int, float)
NUMBER = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?")
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
)
ORDER = tuple(COMPARE)
# Behind all moments there are; microseconds.
ALWAYS = 1 << 100
# How far a moment's own day may be from its day in UTC, and more; microseconds.
FURTHEST = 2 * 86_400_000_000


def among(choices: tuple[Scalar, ...], clock: Clock) -> Fits:
    """Whether a value equals one of them."""
    folded = frozenset(map(folded_text, choices))
    numbers = frozenset(number for number in map(number_of, choices) if number is not None)
    # text that was asked for stays text: "01234" is not 1234
    asked = frozenset(map(number_of, (each for each in choices if not isinstance(each, str))))
    dated = tuple(falling(when("=", str(each), clock), clock) for each in choices if is_dated(each, clock))

    def fits(value: Value) -> bool:
        if not isinstance(value, str):
            return number_of(value) in numbers or folded_text(value) in folded
        if folded_text(value) in folded:
            return True
        if asked and number_of(value) in asked:
            return True
        return any(falls(value) for falls in dated)

    return _any_of(fits)


def ordered(name: str, wanted: Scalar, clock: Clock) -> Fits:
    """`name` is one of ORDER; ValueError where `wanted` is neither a number nor a day or moment."""
    bound = number_of(wanted)
    if bound is None:
        return _dated(when(name, str(wanted), clock), clock)
    compare = COMPARE[name]

    def fits(value: Value) -> bool:
        found = value if type(value) is int else number_of(value)
        return found is not None and compare(found, bound)

    return _any_of(fits)


def between(low: Scalar, high: Scalar, clock: Clock) -> Fits:
    """From the one to the other, both included; two numbers, two dates or two anniversaries."""
    first, last = number_of(low), number_of(high)
    if first is None or last is None:
        return _dated(when_between(str(low), str(high), clock), clock)

    def fits(value: Value) -> bool:
        found = number_of(value)
        return found is not None and first <= found <= last

    return _any_of(fits)


def when(name: str, wanted: str, clock: Clock) -> When:
    """`name` is `=` or one of ORDER; ValueError where `wanted` is no date that it takes."""
    if name == "=" and is_anniversary(wanted):
        return when_between(wanted, wanted, clock)
    return WITHIN[name](_span(wanted, clock))


def when_between(low: str, high: str, clock: Clock) -> When:
    if is_anniversary(low) and is_anniversary(high):
        return month_days(low, high, clock)
    return Span(_span(low, clock).start, _span(high, clock).end)


WITHIN: Mapping[str, Callable[[Span], Span]] = MappingProxyType(
    {
        "=": lambda wanted: wanted,
        "gt": lambda wanted: Span(wanted.end, ALWAYS),
        "gte": lambda wanted: Span(wanted.start, ALWAYS),
        "lt": lambda wanted: Span(-ALWAYS, wanted.start),
        "lte": lambda wanted: Span(-ALWAYS, wanted.end),
    }
)


def falling(wanted: When, clock: Clock) -> Callable[[str], bool]:
    """Whether a text is a day or a moment that lies there."""
    zone = clock.zone
    if isinstance(wanted, Span):
        return _falling_within(wanted, zone)

    def falls(value: str) -> bool:
        moment = instant(value, zone)
        return moment is not None and month_day(moment, zone) in wanted

    return falls


def _falling_within(wanted: Span, zone: tzinfo) -> Callable[[str], bool]:
    """Days in ISO 8601 sort as texts do, so that most are told apart before anything is parsed."""
    start, end = wanted.start, wanted.end
    first, after = first_day(start, zone), first_day(end, zone)
    earliest, latest = first_day(start - FURTHEST, UTC), first_day(end + FURTHEST, UTC)

    def falls(value: str) -> bool:
        if len(value) == DAY_LENGTH:
            return first <= value < after and day_of(value) is not None
        if not earliest <= value < latest:
            return False
        moment = instant(value, zone)
        return moment is not None and start <= moment < end

    return falls


def containing(wanted: str) -> Fits:
    folded = folded_text(wanted)
    return _any_of(lambda value: folded in folded_text(value))


def starting_with(wanted: str) -> Fits:
    folded = folded_text(wanted)
    return _any_of(lambda value: folded_text(value).startswith(folded))


def ending_with(wanted: str) -> Fits:
    folded = folded_text(wanted)
    return _any_of(lambda value: folded_text(value).endswith(folded))


def alike(pattern: str) -> Fits:
    fits = like(folded_text(pattern))
    return _any_of(lambda value: fits(folded_text(value)))


def found_by(pattern: str) -> Fits:
    fits = regexp(pattern)
    return _any_of(lambda value: fits(value if isinstance(value, str) else folded_text(value)))


def is_empty(value: Value) -> bool:
    """Zero and no are values."""
    return value is None or value in ("", ())


def folded_text(value: Value) -> str:
    if type(value) is str:
        return value.lower() if value.isascii() else normalize("NFC", normalize("NFC", value).casefold())
    return str(value).lower()


def number_of(value: Value) -> int | float | None:
    if isinstance(value, str):
        value = value.strip()
        return None if not NUMBER.fullmatch(value) else float(value) if "." in value else int(value)
    return value if isinstance(value, NUMERIC) else None


def is_dated(wanted: Scalar, clock: Clock) -> bool:
    return isinstance(wanted, str) and (is_anniversary(wanted) or span(wanted, clock) is not None)


def _span(wanted: str, clock: Clock) -> Span:
    found = span(wanted, clock)
    if found is None:
        raise ValueError(wanted)
    return found


def _dated(wanted: When, clock: Clock) -> Fits:
    falls = falling(wanted, clock)
    return _any_of(lambda value: isinstance(value, str) and falls(value))


def _any_of(fits: Fits) -> Fits:
    def judged(value: Value) -> bool:
        if type(value) is str:
            return value != "" and fits(value)
        if isinstance(value, tuple):
            return any(fits(each) for each in value if each != "")
        return value is not None and fits(value)

    return judged
