"""A filter's tree as a function of a contact, compiled once for a whole walk.

Everything that does not depend on the contact is settled here: relative dates, folded texts, patterns, and the order
in which the parts of a group are judged: the cheap ones first, and last those that ask for a contact's past. What
comes of it is one function, written as Python's source (`model/inlined.py`).
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
from chalicelib.model.deeds import Deed, Past, did
from chalicelib.model.filter import All, Any, Condition, Filter, Not, conditions, memberships
from chalicelib.model.inlined import (
    PAST,
    Expression,
    Holds,
    absent,
    attribute,
    called,
    empty,
    field,
    function,
    joined,
    judged,
    negated,
    on_lists,
    quick,
    within,
)
from chalicelib.model.nesting import dependencies_first
from chalicelib.model.relative_date import Clock, Span, month_day
from chalicelib.model.setting import Setting

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
        live[each] = by_hand(each, function(_compiled(setting.live[each], scope)))
    return function(_compiled(tree, scope))


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


def asks_the_past(tree: Filter) -> bool:
    """Whether a condition asks what a contact did, which is read for it."""
    return any(isinstance(BUILT_IN.get(each.field), OfPast) for each in conditions(tree))


def _compiled(tree: Filter, scope: Scope) -> Expression:
    match tree:
        case All(parts):
            return joined("and", [_compiled(part, scope) for part in parts])
        case Any(parts):
            return joined("or", [_compiled(part, scope) for part in parts])
        case Not(part):
            return negated(_compiled(part, scope))
        case Condition():
            return _condition(tree, scope)


def _condition(condition: Condition, scope: Scope) -> Expression:
    if condition.operator.startswith("!"):
        return negated(_condition(replace(condition, operator=_positive(condition.operator)), scope))
    source = BUILT_IN.get(condition.field)
    if source is None:
        return _of_value(condition, field(condition.field), scope.clock)
    if source.kind == "membership":
        return _membership(condition, scope.live)
    if isinstance(source, OfContact):
        return OWN[source.kind](condition, attribute(source.attribute), scope.clock)
    recall, past = source.read, scope.setting.past
    fits = OF_PAST[source.kind](condition, scope.clock)
    return called(lambda contact: fits(recall(past(contact))), PAST)


def _positive(operator: str) -> str:
    return "=" if operator == "!=" else operator.removeprefix("!")


def _membership(condition: Condition, live: Mapping[str, Holds]) -> Expression:
    ids = memberships(condition)
    filters = [called(live[each]) for each in ids if each in live]
    return joined("or", [on_lists(frozenset(ids) - live.keys()), *filters])


def _of_value(condition: Condition, read: Expression, clock: Clock) -> Expression:
    if condition.operator == "empty":
        return empty(read)
    return judged(read, _fits(condition, clock), quick(condition.operator, condition.value, clock))


def _of_texts(condition: Condition, read: Expression, clock: Clock) -> Expression:
    return judged(replace(read, text=f"tuple({read.text})"), _fits(condition, clock), None)


def _of_moment(condition: Condition, read: Expression, clock: Clock) -> Expression:
    if condition.operator == "empty":
        return absent(read)
    wanted = _when(condition, clock)
    return within(read, wanted) if isinstance(wanted, Span) else judged(read, _at(wanted, clock), None)


def _fits(condition: Condition, clock: Clock) -> Fits:
    return FITS[condition.operator](condition.value, clock)


def _moment_fits(condition: Condition, clock: Clock) -> Fits:
    if condition.operator == "empty":
        return lambda milliseconds: milliseconds is None
    return _at(_when(condition, clock), clock)


def _at(wanted: When, clock: Clock) -> Fits:
    """Of milliseconds since 1970."""
    if isinstance(wanted, Span):
        start, end = wanted.start, wanted.end
        return lambda at: isinstance(at, int) and start <= at * MICROSECONDS < end
    return lambda at: isinstance(at, int) and month_day(at * MICROSECONDS, clock.zone) in wanted


def _when(condition: Condition, clock: Clock) -> When:
    if isinstance(condition.value, tuple):
        low, high = map(str, condition.value)
        return when_between(low, high, clock)
    return when(condition.operator, str(condition.value), clock)


def _of_deed(condition: Condition, clock: Clock) -> Callable[[Past], bool]:
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
OWN: Mapping[str, Callable[[Condition, Expression, Clock], Expression]] = MappingProxyType(
    {"text": _of_value, "texts": _of_texts, "number": _of_value, "boolean": _of_value, "moment": _of_moment}
)
OF_PAST: Mapping[str, Callable[[Condition, Clock], Callable[[Json], bool]]] = MappingProxyType(
    {"text": _fits, "boolean": _fits, "moment": _moment_fits, "deed": _of_deed}
)
