"""A budget's row: numbers that every reservation moves, and `doc`, the course, that seldom changes.

The expressions are written out: a reservation is made for every call, and pynamodb's take longer than the rest of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.breaker import probing
from chalicelib.model.budget import Budget, Course, Reservation, cost_of, day_of, hour_of, minute_of
from chalicelib.store.document import Document
from chalicelib.store.row import FORMAT, HashRow, Item

Request = dict[str, Any]


class BudgetRow(HashRow):
    """pk: the region, or workspace#place. Epoch milliseconds; hours and days since the epoch. `c` is the course's
    version; `shut` is there while the breaker is not closed.
    """

    next_at = NumberAttribute()
    w = UnicodeAttribute(null=True)
    sent = NumberAttribute(null=True)
    at_minute = NumberAttribute(null=True)
    well = NumberAttribute(null=True)
    badly = NumberAttribute(null=True)
    in_a_row = NumberAttribute(null=True)
    at_hour = NumberAttribute(null=True)
    in_hour = NumberAttribute(null=True)
    at_day = NumberAttribute(null=True)
    in_day = NumberAttribute(null=True)
    c = NumberAttribute(null=True)
    doc = UnicodeAttribute(null=True)
    shut = NumberAttribute(null=True)


_COURSE = Document(Course)
# Their names in the row: minute, hour and day are DynamoDB's own words.
_NUMBERS = {
    "next_at": "next_at",
    "sent": "sent",
    "at_minute": "minute",
    "well": "well",
    "badly": "badly",
    "in_a_row": "in_a_row",
    "at_hour": "hour",
    "in_hour": "in_hour",
    "at_day": "day",
    "in_day": "in_day",
}


def budget_of(item: Item, before: Budget | None = None) -> Budget:
    """`before` is what was known of it: a course of the same version is not read again."""
    if not item:
        return Budget()
    BudgetRow.readable(item)
    numbers = {field: int(item[name]["N"]) for name, field in _NUMBERS.items() if name in item}
    version = int(item["c"]["N"]) if "c" in item else 0
    known = before is not None and before.course.version == version
    course = before.course if known and before else _COURSE.thing(item["doc"]["S"]) if version else Course()
    return Budget(**numbers, course=course)


class _Expression:
    """Parts of an update, put together."""

    def __init__(self) -> None:
        self._set: list[str] = []
        self._remove: list[str] = []
        self._conditions: list[str] = []
        self._values: Request = {}

    def value(self, name: str, number: int | str) -> str:
        self._values[f":{name}"] = {"S": number} if isinstance(number, str) else {"N": str(number)}
        return f":{name}"

    def set(self, name: str, number: int | str) -> None:
        self._set.append(f"{name} = {self.value(name, number)}")

    def add(self, name: str, number: int) -> None:
        """To a number that is there, or to nothing."""
        self.value("zero", 0)
        self._set.append(f"{name} = if_not_exists({name}, :zero) + {self.value(name, number)}")

    def remove(self, name: str) -> None:
        self._remove.append(name)

    def require(self, condition: str) -> None:
        self._conditions.append(f"({condition})")

    def request(self) -> Request:
        removed = f" REMOVE {', '.join(self._remove)}" if self._remove else ""
        return {
            "UpdateExpression": f"SET {', '.join(self._set)}{removed}",
            "ConditionExpression": " AND ".join(self._conditions),
            "ExpressionAttributeValues": self._values,
        }


def reserve_request(seen: Budget, asked: Reservation, write: str) -> Request:
    """The write of a reservation that the budget as it was seen has room for; its conditions say that it still has."""
    made = _Expression()
    made.set("f", FORMAT)
    made.set("w", write)
    _slot(made, seen, asked)
    _breaker(made, seen.course, asked)
    if asked.told:
        _heard(made, seen, asked)
    if asked.per_hour is not None:
        _window(made, ("at_hour", "in_hour"), (hour_of(seen, asked), seen.hour), asked, asked.per_hour)
    if asked.per_day is not None:
        _window(made, ("at_day", "in_day"), (day_of(seen, asked), seen.day), asked, asked.per_day)
    return made.request()


def change_request(before: Course, after: Course) -> Request:
    made = _Expression()
    made.set("f", FORMAT)
    _course(made, before, after)
    for each in ("well", "badly", "in_a_row"):
        made.set(each, 0)
    # the row may be new
    made.add("next_at", 0)
    return made.request()


def _slot(made: _Expression, seen: Budget, asked: Reservation) -> None:
    """Nobody waits: the slot is now. Or behind those who have one, where that is near enough."""
    now, cost = made.value("now", asked.now), cost_of(asked)
    if seen.next_at < asked.now:
        made.set("next_at", asked.now + cost)
        made.require(f"attribute_not_exists(next_at) OR next_at < {now}")
    else:
        made.add("next_at", cost)
        near = made.value("near", asked.now + asked.ahead_ms)
        made.require(f"next_at BETWEEN {now} AND {near} AND (attribute_not_exists(w) OR w <> :w)")


def _breaker(made: _Expression, course: Course, asked: Reservation) -> None:
    if course.breaker.state == "closed":
        made.require("attribute_not_exists(shut)")
        return
    after = replace(course, breaker=probing(course.breaker, asked.now), version=course.version + 1)
    _course(made, course, after)


def _course(made: _Expression, before: Course, after: Course) -> None:
    made.set("c", after.version)
    made.set("doc", _COURSE.text(after))
    if after.breaker.state == "closed":
        made.remove("shut")
    else:
        made.set("shut", after.breaker.shut)
    made.require(f"c = {made.value('seen', before.version)}" if before.version else "attribute_not_exists(c)")


def _heard(made: _Expression, seen: Budget, asked: Reservation) -> None:
    told, minute = asked.told, minute_of(seen, asked)
    made.add("sent", told.accepted)
    if told.well:
        made.set("in_a_row", 0)
    else:
        made.add("in_a_row", told.badly)
    _turned(made, "at_minute", minute, seen.minute)
    counted = made.add if seen.minute == minute else made.set
    counted("well", told.well)
    counted("badly", told.badly)


def _window(made: _Expression, names: tuple[str, str], turn: tuple[int, int], asked: Reservation, limit: int) -> None:
    """Counts into an hour or a day; within its limit where the reservation is bound by it."""
    (name, counter), (current, seen) = names, turn
    _turned(made, name, current, seen)
    if current != seen:
        made.set(counter, asked.recipients)
        return
    made.add(counter, asked.recipients)
    if asked.bound:
        made.require(f"{counter} <= {made.value(f'{counter}_most', limit - asked.recipients)}")


def _turned(made: _Expression, name: str, current: int, seen: int) -> None:
    """The minute, hour or day as it was seen, or the next one begun."""
    value = made.value(name, current)
    if current == seen:
        made.require(f"{name} = {value}")
        return
    made.set(name, current)
    made.require(f"attribute_not_exists({name}) OR {name} < {value}")
