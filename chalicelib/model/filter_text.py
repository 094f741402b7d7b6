"""A filter as text that people read and write; `model/filter_reading.py` reads it back to the same tree.

    country is in FR, BE and opened 'Spring' within 30 days
    (plan is pro or points is at least 100) and not birthday is empty

`and` binds closer than `or`, `not` closer than both; parentheses group. `all (...)` and `any (...)` are groups of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from chalicelib.model.built_in import MEMBERSHIP
from chalicelib.model.deeds import Deed
from chalicelib.model.filter import All, Any, Condition, Filter, Not
from chalicelib.model.filter_words import ANY_EMAIL, BARE, DID, KEPT, OF_DATES, PHRASES
from chalicelib.model.ids import is_id
from chalicelib.model.relative_date import is_date


class Names(Protocol):
    """Names of segments and e-mails; `kind` is `segment` or `email`."""

    def id_of(self, kind: str, name: str) -> str | None:
        """The only thing of this name; None where there is none or several."""
        ...

    def name_of(self, kind: str, identifier: str) -> str | None: ...


class NoNames:
    """Everything is called by its id."""

    def id_of(self, kind: str, name: str) -> str | None:  # noqa: ARG002  # none is known
        return None

    def name_of(self, kind: str, identifier: str) -> str | None:  # noqa: ARG002
        return None


BY_ID = NoNames()
JOINED: Mapping[type[All | Any], tuple[str, str]] = MappingProxyType({All: ("all", " and "), Any: ("any", " or ")})


def as_text(tree: Filter, names: Names = BY_ID) -> str:
    """The text form; a name stands for an id only where it leads back to it."""
    match tree:
        case All(parts) | Any(parts):
            alone, between = JOINED[type(tree)]
            if len(parts) == 1:
                return f"{alone} ({as_text(parts[0], names)})"
            return between.join(_part(part, names) for part in parts)
        case Not(part):
            return f"not {_part(part, names)}"
        case Condition(field, operator, Deed() as deed):
            return " ".join([DID[field, operator], *_deed(deed, names)])
        case Condition():
            return _condition(tree, names)


def _part(tree: Filter, names: Names) -> str:
    text = as_text(tree, names)
    return f"({text})" if isinstance(tree, All | Any) and len(tree.parts) > 1 else text


def _condition(condition: Condition, names: Names) -> str:
    field = f'"{condition.field}"' if condition.field in KEPT else condition.field
    phrase = PHRASES[condition.operator][0]
    value = condition.value
    if value is None:
        return f"{field} {phrase}"
    if isinstance(value, str) and is_date(value):
        phrase = OF_DATES.get(condition.operator, phrase)
    values = value if isinstance(value, tuple) else (value,)
    between = " and " if condition.operator in ("between", "!between") else ", "
    return f"{field} {phrase} {between.join(_value(condition.field, each, names) for each in values)}"


def _value(field: str, value: object, names: Names) -> str:
    if field == MEMBERSHIP:
        return _named("segment", str(value), names)
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    return value if BARE.fullmatch(value) and value.lower() not in KEPT else quoted(value)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(kind: str, identifier: str, names: Names) -> str:
    name = names.name_of(kind, identifier)
    leads_back = name is not None and not is_id(name) and names.id_of(kind, name) == identifier
    return quoted(str(name) if leads_back else identifier)


def _deed(deed: Deed, names: Names) -> list[str]:
    emails = ", ".join(_named("email", each, names) for each in deed.emails) or ANY_EMAIL
    link = [f"on {quoted(deed.link)}"] if deed.link else []
    times = [f"at least {deed.times} times"] if deed.times > 1 else []
    days = [f"within {deed.days} days"] if deed.days is not None else []
    return [emails, *link, *times, *days]
