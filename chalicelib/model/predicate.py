"""A filter's tree as a function of a contact, compiled once for a whole walk.

Everything that does not depend on the contact is settled here: relative dates, folded texts, patterns, and the order
in which the parts of a group are judged (those that ask for a contact's past come last).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any as Json
from typing import cast

from chalicelib.model.built_in import BUILT_IN, OfContact, OfPast
from chalicelib.model.comparing import (
    ORDER,
    Fits,
    When,
    alike,
    among,
    between,
    containing,
    ending_with,
    found_by,
    is_empty,
    ordered,
    starting_with,
    when,
    when_between,
)
from chalicelib.model.contact import Contact
from chalicelib.model.deeds import Deed, did
from chalicelib.model.filter import All, Any, Condition, Filter, Not, conditions, memberships
from chalicelib.model.nesting import dependencies_first
from chalicelib.model.relative_date import Clock
from chalicelib.model.setting import Setting

Holds = Callable[[Contact], bool]
Judged = Callable[[Json], bool]
MICROSECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Scope:
    """`live`: the live segments compiled so far."""

    setting: Setting
    clock: Clock
    live: Mapping[str, Holds]


def predicate(tree: Filter, setting: Setting | None = None) -> Holds:
    """Whether the filter holds for a contact. Total: no contact makes it raise.

    Raises ValueError where the tree asks for a moment (`setting.now`) that is not given, and Invalid where live
    segments name each other in a circle.
    """
    setting = setting or Setting()
    live: dict[str, Holds] = {}
    scope = Scope(setting, Clock(setting.now, setting.zone), live)
    for each in dependencies_first(setting.live):
        live[each] = by_hand(each, _compiled(setting.live[each], scope))
    return _compiled(tree, scope)


def by_hand(segment_id: str, holds: Holds) -> Holds:
    """Whether somebody is in a live segment: what was decided by hand goes before its filter."""
    return lambda contact: segment_id in contact.lists or (segment_id not in contact.barred and holds(contact))


def asks_the_time(tree: Filter, live: Mapping[str, Filter]) -> bool:
    """Whether its answers change with the passing of time alone. `live` as in a Setting."""
    try:
        predicate(tree, Setting(live=live))
    except ValueError:
        return True
    return False


def _compiled(tree: Filter, scope: Scope) -> Holds:
    match tree:
        case All(parts):
            return _every(_each(parts, scope))
        case Any(parts):
            return _some(_each(parts, scope))
        case Not(part):
            inner = _compiled(part, scope)
            return lambda contact: not inner(contact)
        case Condition():
            return _condition(tree, scope)


def _every(parts: tuple[Holds, ...]) -> Holds:
    """A loop takes half the time of `all` over a generator, for every contact there is."""

    def holds(contact: Contact) -> bool:
        for part in parts:  # noqa: SIM110  # as above
            if not part(contact):
                return False
        return True

    return holds


def _some(parts: tuple[Holds, ...]) -> Holds:
    def holds(contact: Contact) -> bool:
        for part in parts:  # noqa: SIM110  # as above
            if part(contact):
                return True
        return False

    return holds


def _each(parts: tuple[Filter, ...], scope: Scope) -> tuple[Holds, ...]:
    return tuple(_compiled(part, scope) for part in sorted(parts, key=asks_the_past))


def asks_the_past(tree: Filter) -> bool:
    """Whether a condition asks what a contact did, which is read for it."""
    return any(isinstance(BUILT_IN.get(each.field), OfPast) for each in conditions(tree))


def _condition(condition: Condition, scope: Scope) -> Holds:
    if condition.operator.startswith("!"):
        holds = _condition(replace(condition, operator=_positive(condition.operator)), scope)
        return lambda contact: not holds(contact)
    source = BUILT_IN.get(condition.field)
    if source is None:
        fits, alias = _fits(condition, scope.clock), condition.field
        return lambda contact: fits(contact.fields.get(alias))
    if source.kind == "membership":
        return _membership(condition, scope.live)
    judged = JUDGED[source.kind](condition, scope.clock)
    if isinstance(source, OfContact):
        read = source.read
        return lambda contact: judged(read(contact))
    recall, past = source.read, scope.setting.past
    return lambda contact: judged(recall(past(contact)))


def _positive(operator: str) -> str:
    return "=" if operator == "!=" else operator.removeprefix("!")


def _membership(condition: Condition, live: Mapping[str, Holds]) -> Holds:
    ids = memberships(condition)
    lists, filters = frozenset(ids) - live.keys(), tuple(live[each] for each in ids if each in live)
    return lambda contact: not lists.isdisjoint(contact.lists) or any(holds(contact) for holds in filters)


def _fits(condition: Condition, clock: Clock) -> Fits:
    return FITS[condition.operator](condition.value, clock)


def _of_moment(condition: Condition, clock: Clock) -> Judged:
    if condition.operator == "empty":
        return lambda milliseconds: milliseconds is None
    fits = _when(condition.operator, condition.value, clock)
    return lambda milliseconds: milliseconds is not None and fits(milliseconds * MICROSECONDS)


def _when(operator: str, value: object, clock: Clock) -> When:
    if isinstance(value, tuple):
        low, high = value
        return when_between(low, high, clock)
    return when(operator, str(value), clock)


def _of_deed(condition: Condition, clock: Clock) -> Judged:
    return did(condition.field, cast(Deed, condition.value), clock.now)


FITS: Mapping[str, Callable[[Json, Clock], Fits]] = MappingProxyType(
    {
        "=": lambda value, clock: among((value,), clock),
        "in": among,
        "empty": lambda _, __: is_empty,
        "between": lambda pair, clock: between(pair[0], pair[1], clock),
        "like": lambda value, _: alike(value),
        "regexp": lambda value, _: found_by(value),
        "startsWith": lambda value, _: starting_with(value),
        "endsWith": lambda value, _: ending_with(value),
        "contains": lambda value, _: containing(value),
        **{name: partial(ordered, name) for name in ORDER},
    }
)
JUDGED: Mapping[str, Callable[[Condition, Clock], Judged]] = MappingProxyType(
    {"text": _fits, "texts": _fits, "number": _fits, "boolean": _fits, "moment": _of_moment, "deed": _of_deed}
)
