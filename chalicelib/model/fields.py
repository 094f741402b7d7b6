"""A contact's custom fields: which aliases and values they may have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite

from chalicelib.model.contact import ALIAS, MAX_FIELDS, MAX_TEXTS, MAX_VALUE, RESERVED, Value
from chalicelib.model.errors import Invalid, TooLarge

# An item of DynamoDB has 400 KB, a call reads fifty contacts at once.
MAX_BYTES = 64 * 1024
# Numbers of DynamoDB reach further, and its 38 digits hold any of these.
MOST, LEAST = 10**37, 1e-100
# What a number or a boolean counts.
NUMBER_BYTES = 20
# All of C0 but tab and the line breaks.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def checked_fields(fields: Mapping[str, object], place: str = "fields") -> dict[str, Value]:
    """The fields with each list as a tuple; Invalid names the alias (`fields.plan`), the value and the mend.

    A null stays: in an update it removes the field.
    """
    if len(fields) > MAX_FIELDS:
        raise Invalid(place, f"{len(fields)} fields", f"A contact has at most {MAX_FIELDS} fields.")
    return {checked_alias(alias, place): checked_value(value, f"{place}.{alias}") for alias, value in fields.items()}


def checked_alias(alias: str, place: str = "fields") -> str:
    if not ALIAS.fullmatch(alias):
        raise Invalid(place, alias, "An alias has 1 to 50 small letters (a-z), digits and _, a letter first.")
    if alias in RESERVED:
        raise Invalid(place, alias, "This name is the contact's own: choose another alias.")
    return alias


def checked_value(value: object, place: str) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return checked_text(value, place)
    if isinstance(value, int | float):
        return _number(value, place)
    if isinstance(value, list | tuple):
        return _texts(value, place)
    raise Invalid(place, value, "Give text, a number, true, false, null or a list of texts.")


def merged(before: Mapping[str, Value], changes: Mapping[str, Value]) -> dict[str, Value]:
    """The fields after a change: null removes; what is not named stays. Raises Invalid, TooLarge."""
    after: dict[str, Value] = {alias: value for alias, value in {**before, **changes}.items() if value is not None}
    if len(after) > MAX_FIELDS:
        raise Invalid("fields", f"{len(after)} fields", f"A contact has at most {MAX_FIELDS} fields.")
    size = sum(map(_size, after.items()))
    if size > MAX_BYTES:
        raise TooLarge(
            f"The fields of this contact would take {size} bytes.",
            field="fields",
            hint=f"All of them together have at most {MAX_BYTES} bytes in UTF-8.",
        )
    return after


def checked_text(value: str, place: str) -> str:
    """The text itself; Invalid where it is too long, or holds what is no character to read."""
    if len(value) > MAX_VALUE:
        raise Invalid(place, value, f"Text has at most {MAX_VALUE} characters; this one has {len(value)}.")
    if value.isascii() and value.isprintable():
        return value
    control = CONTROL.search(value)
    if control is not None:
        raise Invalid(place, value, f"Take out the control character U+{ord(control[0]):04X} at {control.start() + 1}.")
    if not value.isascii() and not value.isprintable() and any("\ud800" <= each <= "\udfff" for each in value):
        raise Invalid(place, value, "It has half of a character (a lone surrogate): give valid Unicode.")
    return value


def _number(value: float, place: str) -> int | float:
    if abs(value) > MOST or not isfinite(value) or 0 < abs(value) < LEAST:
        raise Invalid(place, value, "Numbers are finite, at most 37 digits before and 100 behind the point.")
    return value


def _texts(value: list[object] | tuple[object, ...], place: str) -> tuple[str, ...]:
    if len(value) > MAX_TEXTS:
        raise Invalid(place, value, f"A list has at most {MAX_TEXTS} texts; this one has {len(value)}.")
    for each in value:
        if not isinstance(each, str):
            raise Invalid(place, each, "A list holds texts alone.")
    return tuple(checked_text(str(each), f"{place}[{n}]") for n, each in enumerate(value))


def _size(field: tuple[str, Value]) -> int:
    alias, value = field
    if isinstance(value, str):
        return len(alias) + _bytes(value)
    return len(alias) + (sum(map(_bytes, value)) if isinstance(value, tuple) else NUMBER_BYTES)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
