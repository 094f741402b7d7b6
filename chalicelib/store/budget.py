"""The send budget: table `budget`, one row an account and region, so not the workspace's but everybody's.

`next_at` is when the next call may start. A call takes the slot and moves `next_at` on, in one conditional write in
the usual case; `w` names the write, so that one whose answer was lost takes no second slot.
"""

from __future__ import annotations

from uuid import uuid4

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.patience import call, code_of, tries
from chalicelib.store.row import FORMAT, HashRow, Item, key


class BudgetRow(HashRow):
    """pk: the region. Epoch milliseconds."""

    next_at = NumberAttribute()
    w = UnicodeAttribute()


class BudgetStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table("budget")
        self._seen = 0

    def reserve(self, cost_ms: int, now: int, ahead_ms: int) -> int | None:
        """The row may have been moved on by others: what stands there tells which write is the right one."""
        write = uuid4().hex
        for _ in tries(self._connection, "send budget"):
            behind = self._seen < now
            found = self._restart(cost_ms, now, write) if behind else self._queue(cost_ms, now, ahead_ms, write)
            if found is None:
                return self._seen - cost_ms
            self._seen = int(found["next_at"]["N"]) if found else 0
            if found.get("w") == {"S": write}:
                return self._seen - cost_ms
            if self._seen > now + ahead_ms:
                return None
        raise AssertionError("tries raises Busy")

    def _restart(self, cost_ms: int, now: int, write: str) -> Item | None:
        """Nobody waits: the slot is now."""
        idle = BudgetRow.pk.does_not_exist() | (BudgetRow.next_at < now)
        return self._move([BudgetRow.next_at.set(now + cost_ms)], idle, write)

    def _queue(self, cost_ms: int, now: int, ahead_ms: int, write: str) -> Item | None:
        """Behind those who have a slot, where that is near enough."""
        near = BudgetRow.next_at.between(now, now + ahead_ms) & (BudgetRow.w != write)
        return self._move([BudgetRow.next_at.set(BudgetRow.next_at + cost_ms)], near, write)

    def _move(self, changes: list[Change], condition: Condition, write: str) -> Item | None:
        """None where it was done; otherwise what stands there."""
        changes = [*changes, BudgetRow.w.set(write), BudgetRow.f.set(FORMAT)]
        moved = action.update(self._table, key(self._connection.region), changes, condition)
        try:
            answer = call(self._connection, "update_item", ReturnValues="UPDATED_NEW", **moved["Update"])
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            found: Item = error.response.get("Item", {})
            return found
        self._seen = int(answer["Attributes"]["next_at"]["N"])
        return None
