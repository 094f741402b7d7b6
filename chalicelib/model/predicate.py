"""A filter's tree as a function of a contact, compiled once for a whole walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any as Json

from chalicelib.model.comparing import (
    ORDER,
    Fits,
    Read,
    Scalar,
    containing,
    equal_to,
    is_empty,
    ordered,
    starting_with,
)
from chalicelib.model.contact import Contact, value_of
from chalicelib.model.filter import All, Any, Condition, Filter, Not

Holds = Callable[[Contact], bool]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def predicate(tree: Filter) -> Holds:
    """Whether the filter holds for a contact. Total: no contact makes it raise."""
    match tree:
        case All(parts):
            every = tuple(map(predicate, parts))
            return lambda contact: all(holds(contact) for holds in every)
        case Any(parts):
            some = tuple(map(predicate, parts))
            return lambda contact: any(holds(contact) for holds in some)
        case Not(part):
            inner = predicate(part)
            return lambda contact: not inner(contact)
        case Condition():
            return _condition(tree)


def _condition(condition: Condition) -> Holds:
    fits = _fits(condition)
    match condition.field:
        case "segment":
            return lambda contact: fits(tuple(contact.lists))
        case "created_at":
            return lambda contact: fits(_moment(contact.created_at))
        case "updated_at":
            return lambda contact: fits(_moment(contact.updated_at))
        case "consent":
            return lambda contact: fits(contact.consent)
        case field:
            return lambda contact: fits(value_of(contact, field))


def _fits(condition: Condition) -> Fits:
    return FITS[condition.operator](condition.value)


def _unlike(fits: Fits) -> Fits:
    return lambda value: not fits(value)


def _among(choices: tuple[Scalar, ...]) -> Fits:
    each_fits = tuple(map(equal_to, choices))
    return lambda value: any(fits(value) for fits in each_fits)


def _moment(milliseconds: int) -> Read:
    return EPOCH + timedelta(milliseconds=milliseconds)


# `!=` holds for an empty field too, as in Mautic
FITS: Mapping[str, Callable[[Json], Fits]] = MappingProxyType(
    {
        "=": equal_to,
        "!=": lambda value: _unlike(equal_to(value)),
        "empty": lambda _: is_empty,
        "!empty": lambda _: _unlike(is_empty),
        "contains": containing,
        "startsWith": starting_with,
        "in": _among,
        **{name: partial(ordered, name) for name in ORDER},
    }
)
