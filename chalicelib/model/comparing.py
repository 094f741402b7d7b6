"""How a contact's value compares with the value of a condition.

Text compares without regard to case, as in Mautic on MySQL (accents count). Numbers typed as text are numbers as
soon as the other side is one. A day (`2026-11-24`) is the whole day in UTC: later than it is the next day, and any
moment within it equals it. A date-time without a zone is UTC. Of several texts any one may fit; an empty value
never does.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from chalicelib.model.contact import Value

Scalar = str | int | float | bool
Read = Value | datetime
Fits = Callable[[Read], bool]

NUMBER = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)

ORDER: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
)


def equal_to(wanted: Scalar) -> Fits:
    folded, number, moment = folded_text(wanted), number_of(wanted), moment_of(wanted)

    def fits(value: Read) -> bool:
        if isinstance(value, str):
            if folded_text(value) == folded:
                return True
            if not isinstance(wanted, str):
                return number_of(value) == number
            return moment is not None and _same_moment(value, moment)
        if isinstance(value, datetime):
            return moment is not None and _same_moment(value, moment)
        # a number or a boolean: `=` finds 5 by "5.0", and a yes by "true"
        return value is not None and (number_of(value) == number or folded_text(value) == folded)

    return _any_of(fits)


def containing(wanted: str) -> Fits:
    folded = folded_text(wanted)
    return _any_of(lambda value: value is not None and folded in folded_text(value))


def starting_with(wanted: str) -> Fits:
    folded = folded_text(wanted)
    return _any_of(lambda value: value is not None and folded_text(value).startswith(folded))


def ordered(name: str, wanted: Scalar) -> Fits:
    """`name` is a key of ORDER; ValueError where `wanted` is neither a number nor an ISO 8601 day or date-time."""
    compare, key = ORDER[name], _key_for(wanted)
    bound = key(wanted)
    if bound is None:
        raise ValueError(wanted)

    def fits(value: Read) -> bool:
        found = key(value)
        return found is not None and compare(found, bound)

    return _any_of(fits)


def is_empty(value: Read) -> bool:
    """Zero and no are values."""
    return value is None or value in ("", ())


def folded_text(value: Read) -> str:
    if isinstance(value, str):
        return value.lower() if value.isascii() else normalize("NFC", normalize("NFC", value).casefold())
    return str(value).lower()


def number_of(value: Read) -> int | float | None:
    if isinstance(value, str):
        value = value.strip()
        return None if not NUMBER.fullmatch(value) else float(value) if "." in value else int(value)
    return value if isinstance(value, int | float) else None


def moment_of(value: Read) -> date | datetime | None:
    """A date for a day, an aware date-time in UTC for a moment; None for all else."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value) if len(value) == len("2026-11-24") else _in_utc(value)
    except (ValueError, OverflowError):
        return None


def _in_utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _key_for(wanted: Scalar) -> Callable[[Read], object]:
    if number_of(wanted) is not None:
        return number_of
    return _instant if isinstance(moment_of(wanted), datetime) else _day


def _same_moment(value: Read, wanted: date) -> bool:
    found = _instant(value) if isinstance(wanted, datetime) else _day(value)
    return found == wanted


def _day(value: Read) -> date | None:
    moment = moment_of(value)
    return moment.date() if isinstance(moment, datetime) else moment


def _instant(value: Read) -> datetime | None:
    moment = moment_of(value)
    return moment if moment is None or isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def _any_of(fits: Fits) -> Fits:
    return lambda value: any(map(fits, value)) if isinstance(value, tuple) else fits(value)
