"""The operators of conditions: Mautic's, spelt as there, which fields take which, and what value each takes.

`!x` is always the negation of `x`, and so holds where the field is empty: so are Mautic's `!=`, `!in`, `!like` and
`!between`, whereas its `!regexp` leaves the empty out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import cast

from chalicelib.model.built_in import BUILT_IN
from chalicelib.model.comparing import ORDER, Scalar, number_of
from chalicelib.model.contact import MAX_VALUE
from chalicelib.model.deeds import DEEDS, Deed, checked_deed
from chalicelib.model.definition import FieldType
from chalicelib.model.errors import Invalid
from chalicelib.model.fields import MOST, checked_text
from chalicelib.model.ids import is_id
from chalicelib.model.matching import checked_pattern
from chalicelib.model.relative_date import is_anniversary, is_date

MAX_CHOICES = 500

Operand = Scalar | tuple[Scalar, ...] | Deed | None
Kind = Callable[[object], bool]
Take = Callable[[Kind, object, str], Operand]

EQUALITY = ("=", "!=")
PRESENCE = ("empty", "!empty")
CHOICE = ("in", "!in")
PATTERNS = ("like", "!like", "regexp", "!regexp", "startsWith", "endsWith", "contains")
RANGES = (*ORDER, "between", "!between")
OF_TEXT = (*EQUALITY, *PRESENCE, *PATTERNS)
OF_CHOICES = (*EQUALITY, *PRESENCE, "regexp", "!regexp", *CHOICE)
OF_DATES = (*EQUALITY, *PRESENCE, *RANGES)

# As Mautic offers them for each type of field.
BY_TYPE: Mapping[FieldType, tuple[str, ...]] = MappingProxyType(
    {
        "text": OF_TEXT,
        "textarea": OF_TEXT,
        "lookup": OF_TEXT,
        "html": OF_TEXT,
        "email": OF_TEXT,
        "tel": OF_TEXT,
        "url": OF_TEXT,
        "time": OF_TEXT,
        "number": (*OF_TEXT, *RANGES),
        "select": OF_CHOICES,
        "country": OF_CHOICES,
        "region": OF_CHOICES,
        "timezone": OF_CHOICES,
        "locale": OF_CHOICES,
        "boolean": EQUALITY,
        "multiselect": (*CHOICE, *PRESENCE),
        "date": OF_DATES,
        "datetime": OF_DATES,
    }
)


def is_scalar(value: object) -> bool:
    """Text that is not empty, a number that a field may hold, or a boolean."""
    if isinstance(value, str):
        return 0 < len(value) <= MAX_VALUE
    return isinstance(value, bool) or (isinstance(value, int | float) and isfinite(value) and abs(value) <= MOST)


def is_number(value: object) -> bool:
    return is_scalar(value) and not isinstance(value, bool) and number_of(cast(Scalar, value)) is not None


def is_moment(value: object) -> bool:
    return isinstance(value, str) and (is_date(value) or is_anniversary(value))


def is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def is_segment(value: object) -> bool:
    return isinstance(value, str) and is_id(value)


A_DATE = (
    "a day (2026-11-24), a date-time (2026-11-24T09:30:00Z), ISO 8601, or a relative date (today, last month, +5 days, "
    "30 days ago)"
)
MENDS: Mapping[Kind, str] = MappingProxyType(
    {
        is_scalar: f"Give text (1 to {MAX_VALUE} characters), a number, true or false; for no value there is `empty`.",
        is_number: "Give a number.",
        is_moment: f"Give {A_DATE}; or `birthday`, `birthday +7 days`.",
        is_boolean: "Give true or false.",
        is_segment: "Give the id of a segment.",
    }
)
OF_KIND: Mapping[str, tuple[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "text": (is_scalar, (*OF_TEXT, *CHOICE)),
        "texts": (is_scalar, (*EQUALITY, *PRESENCE, *CHOICE, *PATTERNS)),
        "number": (is_number, (*EQUALITY, *CHOICE, *RANGES)),
        "boolean": (is_boolean, EQUALITY),
        "moment": (is_moment, OF_DATES),
        "membership": (is_segment, (*EQUALITY, *CHOICE)),
        "deed": (is_scalar, EQUALITY),
    }
)
KIND_OF_TYPE: Mapping[str, Kind] = MappingProxyType(
    {"number": is_number, "boolean": is_boolean, "date": is_moment, "datetime": is_moment}
)


def allowed(field: str, types: Mapping[str, FieldType]) -> tuple[Kind, tuple[str, ...]]:
    """What values a field takes and which operators; any operator where its type is not known."""
    if field in BUILT_IN:
        return OF_KIND[BUILT_IN[field].kind]
    known = types.get(field)
    return (is_scalar, tuple(TAKES)) if known is None else (KIND_OF_TYPE.get(known, is_scalar), BY_TYPE[known])


def checked_value(field: str, operator: str, kind: Kind, value: object, place: str) -> Operand:
    """What a condition holds; Invalid names the place, the value and the mend."""
    if field in DEEDS:
        return checked_deed(field, value, place)
    return TAKES[operator](kind, value, place)


def _one(kind: Kind, value: object, place: str) -> Scalar:
    if not kind(value):
        raise Invalid(place, value, MENDS[kind])
    return checked_text(value, place) if isinstance(value, str) else cast(Scalar, value)


def _several(kind: Kind, value: object, place: str) -> tuple[Scalar, ...]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_CHOICES:
        raise Invalid(place, value, f"Give a list of 1 to {MAX_CHOICES} values.")
    return tuple(_one(kind, each, f"{place}[{n}]") for n, each in enumerate(value))


def _none(_kind: Kind, value: object, place: str) -> None:
    if value is not None:
        raise Invalid(place, value, "Leave the value away: this operator takes none.")


def _text(_kind: Kind, value: object, place: str) -> str:
    if not isinstance(value, str) or not is_scalar(value):
        raise Invalid(place, value, f"Give text, 1 to {MAX_VALUE} characters.")
    return checked_text(value, place)


def _pattern(kind: Kind, value: object, place: str) -> str:
    return checked_pattern(_text(kind, value, place), place)


def _comparable(kind: Kind, value: object, place: str) -> Scalar:
    known = _one(kind, value, place)
    if not is_number(known) and not (isinstance(known, str) and is_date(known)):
        raise Invalid(place, value, f"Give a number, {A_DATE}.")
    return known


def _pair(kind: Kind, value: object, place: str) -> tuple[Scalar, Scalar]:
    """Two numbers in their order, two dates or two anniversaries."""
    if not isinstance(value, list | tuple) or len(value) != len(("low", "high")):
        raise Invalid(place, value, "Give a list of two values: the lowest and the highest.")
    low, high = (_one(kind, each, f"{place}[{n}]") for n, each in enumerate(value))
    if all(map(is_number, (low, high))):
        if cast(float, number_of(low)) > cast(float, number_of(high)):
            raise Invalid(place, value, "Give the lower number first.")
    elif not any(
        all(isinstance(each, str) and known(each) for each in (low, high)) for known in (is_date, is_anniversary)
    ):
        raise Invalid(place, value, f"Give two numbers or two dates, each {A_DATE}.")
    return low, high


TAKES: Mapping[str, Take] = MappingProxyType(
    {
        "=": _one,
        "!=": _one,
        "empty": _none,
        "!empty": _none,
        "like": _text,
        "!like": _text,
        "between": _pair,
        "!between": _pair,
        "in": _several,
        "!in": _several,
        "regexp": _pattern,
        "!regexp": _pattern,
        "startsWith": _text,
        "endsWith": _text,
        "contains": _text,
        **dict.fromkeys(ORDER, _comparable),
    }
)
