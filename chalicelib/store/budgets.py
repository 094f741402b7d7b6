"""Send budgets: table `budget`, a row for each thing that is paced. SES's is the account's and region's, and so
everybody's; all others are their workspace's.

A reservation is one conditional write in the usual case: it takes the slot, counts into hour and day, and carries what
was heard of calls since the last one. `w` names the write, so that one whose answer was lost takes no second slot.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from chalicelib.model.budget import NOTHING, Budget, Course, Reservation, Slot, Told, Wait, cost_of, reserved
from chalicelib.store.budget_rows import budget_of, change_request, reserve_request
from chalicelib.store.connection import Connection
from chalicelib.store.patience import call, code_of, tries
from chalicelib.store.reading import read
from chalicelib.store.row import Item, key, name

# How old what is remembered of a budget may be where it says that nothing can be reserved. Seconds.
REMEMBERED_S = 5.0


class BudgetsStore:
    """Remembers what each row said last: which write is the right one, and whether there is any."""

    def __init__(self, connection: Connection, workspace: str, clock: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table("budget")
        self._clock = clock
        self._seen: dict[str, Budget] = {}
        self._seen_at: dict[str, float] = {}
        self._heard: dict[str, Told] = {}

    def reserve(self, place: str, asked: Reservation) -> Slot | Wait:
        """The row may have been moved on by others: what stands there tells which write is the right one."""
        asked = self._telling(place, asked)
        write = uuid4().hex
        budget = self.seen(place)
        for _ in tries(self._connection, "send budget"):
            after = reserved(budget, asked)
            if isinstance(after, Wait):
                return self._unreserved(place, asked, after)
            request = reserve_request(budget, asked, write)
            found, won = self._moved(place, request)
            if won or found.get("w") == {"S": write}:
                after = self._remember(place, found)
                return Slot(after.next_at - cost_of(asked), probe=budget.course.breaker.state != "closed")
            budget = self._remember(place, found)
        raise AssertionError("tries raises Busy")

    def seen(self, place: str) -> Budget:
        """What the row said last. Read again where nobody could reserve by it: somebody may have changed that."""
        known = self._seen.get(place, Budget())
        stale = self._clock() - self._seen_at.get(place, 0.0) > REMEMBERED_S
        if known.course.breaker.state != "closed" and stale:
            return self.read(place)
        return known

    def read(self, place: str) -> Budget:
        item = read(self._connection, self._table, self._key(place))
        return self._remember(place, item or {})

    def note(self, place: str, told: Told) -> None:
        """Carried by the next reservation of this process."""
        self._heard[place] = self._heard.get(place, NOTHING) + told

    def change(self, place: str, change: Callable[[Budget], Course | None]) -> Budget:
        """Applied to what stands there, until it is written; None changes nothing."""
        budget = self.read(place)
        for _ in tries(self._connection, "send budget"):
            course = change(budget)
            if course is None:
                return budget
            found, won = self._moved(place, change_request(budget.course, course))
            budget = self._remember(place, found)
            if won or budget.course == course:
                return budget
        raise AssertionError("tries raises Busy")

    def _moved(self, place: str, request: dict[str, Any]) -> tuple[Item, bool]:
        """What stands there now, and whether it is this write's doing."""
        try:
            answer = call(
                self._connection,
                "update_item",
                TableName=self._table,
                Key=self._key(place),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **request,
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            found: Item = error.response.get("Item", {})
            return found, False
        return answer["Attributes"], True

    def _telling(self, place: str, asked: Reservation) -> Reservation:
        told = self._heard.pop(place, NOTHING)
        return replace(asked, told=told)

    def _unreserved(self, place: str, asked: Reservation, wait: Wait) -> Wait:
        self.note(place, asked.told)
        return wait

    def _remember(self, place: str, item: Item) -> Budget:
        self._seen[place] = budget_of(item, self._seen.get(place))
        self._seen_at[place] = self._clock()
        return self._seen[place]

    def _key(self, place: str) -> Item:
        return key(name(self._workspace, place) if place else self._connection.region)
