"""A custom field's values by its type: which are taken, and how they are kept.

Text is taken where it says the type, so that a CSV file and the API have one rule. An e-mail address is checked where
addresses are (`work/definitions.py`). Whoever reads a value (a token, a filter, an export) goes by the value itself,
never by the type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType

from chalicelib.model.comparing import number_of
from chalicelib.model.contact import Value
from chalicelib.model.countries import country_name
from chalicelib.model.definition import FREE, Definition, FieldType
from chalicelib.model.errors import Invalid
from chalicelib.model.fields import checked_value
from chalicelib.model.locale import locale_tag
from chalicelib.model.nearest import offered
from chalicelib.model.relative_date import moment_of
from chalicelib.model.web_address import web_address
from chalicelib.model.zones import zone_name

MAX_REGION = 100
# ITU-T E.164 has at most 15 digits; short codes of three are called too.
LEAST_DIGITS, MOST_DIGITS = 3, 15
SEPARATOR = "|"
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_TEL = re.compile(r"\+?[0-9 ().\N{NO-BREAK SPACE}/-]{1,40}")

Text = Callable[[str, str], Value]


def typed(definition: Definition, value: Value, place: str) -> Value:
    """A checked value (`model/fields.py`) as this field keeps it; None for none.

    An empty text is none, but in a text. Invalid names `place`, the value and the mend.
    """
    if value is None or (definition.type not in FREE and isinstance(value, str) and not value.strip()):
        return None
    if definition.retired:
        mend = "This field is retired and takes no new values: leave it out, or give null to remove what it holds."
        raise Invalid(place, value, mend)
    if definition.type in _TEXTS:
        return _TEXTS[definition.type](text_of(value, place), place)
    return _TYPES[definition.type](definition, value, place)


def text_of(value: Value, place: str) -> str:
    if not isinstance(value, str):
        raise Invalid(place, value, "Give text (in quotes).")
    return value


def _number(_definition: Definition, value: Value, place: str) -> Value:
    number = number_of(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    if number is None:
        raise Invalid(place, value, "Give a number such as 42 or -1.5, with a point and without separators.")
    return checked_value(number, place)


def _boolean(definition: Definition, value: Value, place: str) -> bool:
    if isinstance(value, bool):
        return value
    said = value.strip().lower() if isinstance(value, str) else str(value)
    labels = {each.label.lower(): each.value for each in definition.choices}
    said = labels.get(said, said)
    if said not in YES | NO:
        raise Invalid(place, value, "Give true or false; text may say yes, no, true, false, 1 or 0.")
    return said in YES


def _select(definition: Definition, value: Value, place: str) -> str:
    return _chosen(definition, text_of(value, place), place)


def _multiselect(definition: Definition, value: Value, place: str) -> tuple[str, ...]:
    """A list; or text, its choices separated by `|` (as Mautic keeps and exports them)."""
    texts = value if isinstance(value, tuple) else tuple(text_of(value, place).split(SEPARATOR))
    return tuple(dict.fromkeys(_chosen(definition, each, place) for each in texts if each.strip()))


def _chosen(definition: Definition, text: str, place: str) -> str:
    """The choice's value, by its value or its label without regard to case."""
    labels = {each.label.lower(): each.value for each in definition.choices}
    known = labels | {each.value.lower(): each.value for each in definition.choices}
    chosen = known.get(text.strip().lower())
    if chosen is None:
        some = ", ".join(each.value for each in definition.choices[:10])
        more = ", …" if len(definition.choices) > 10 else ""  # noqa: PLR2004  # as many as are shown
        raise Invalid(place, text, f"It is one of {some}{more}.{offered(text, known)}")
    return chosen


def _date(text: str, place: str) -> str:
    found = moment_of(text.strip())
    if found is None or isinstance(found, datetime):
        raise Invalid(place, text, "Give a day such as 2026-11-24 (ISO 8601).")
    return found.isoformat()


def _datetime(text: str, place: str) -> str:
    """In UTC, as filters compare it; without a zone it is UTC already, a day alone is its midnight."""
    found = moment_of(text.strip())
    if found is None:
        raise Invalid(place, text, "Give a date-time such as 2026-11-24T09:30:00Z (ISO 8601).")
    moment = found if isinstance(found, datetime) else datetime.combine(found, time(), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _time(text: str, place: str) -> str:
    if not _TIME.fullmatch(text.strip()):
        raise Invalid(place, text, "Give a time of day such as 09:30 or 18:30:15.")
    return text.strip()


def _tel(text: str, place: str) -> str:
    number = text.strip()
    digits = sum(each.isdigit() for each in number)
    if not _TEL.fullmatch(number) or not LEAST_DIGITS <= digits <= MOST_DIGITS:
        raise Invalid(place, text, "Give a telephone number such as +33 1 23 45 67 89 (3 to 15 digits).")
    return number


def _region(text: str, place: str) -> str:
    """Any name: ISO 3166-2 has five thousand, and people write others still."""
    region = text.strip()
    if len(region) > MAX_REGION or not region.isprintable():
        raise Invalid(place, text, f"Give a name on one line, at most {MAX_REGION} characters.")
    return region


_TEXTS: Mapping[FieldType, Text] = MappingProxyType(
    {
        **dict.fromkeys((*FREE, "email"), lambda text, _place: text),
        "date": _date,
        "datetime": _datetime,
        "time": _time,
        "timezone": zone_name,
        "url": web_address,
        "tel": _tel,
        "country": country_name,
        "region": _region,
        "locale": locale_tag,
    }
)
_TYPES: Mapping[FieldType, Callable[[Definition, Value, str], Value]] = MappingProxyType(
    {"number": _number, "boolean": _boolean, "select": _select, "multiselect": _multiselect}
)
