"""Writing: one action, or up to a hundred as one transaction. Conditions that are not met are answers, not errors.

A conditional write whose answer was lost is sent again by botocore, and is then told that its condition is not met,
although it won. What stands there tells: a row that is exactly what we wanted to put was put by us, or by somebody
who wanted the very same. Transactions carry a token besides, by which DynamoDB knows a repetition for ten minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from chalicelib.store.action import Action, item_of
from chalicelib.store.connection import Connection
from chalicelib.store.patience import PASSING_REASONS, call, code_of, tries
from chalicelib.store.row import Item

OPERATIONS = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}
UNMET = "ConditionalCheckFailed"
MOST = 100


@dataclass(frozen=True, slots=True)
class Unmet:
    """An action whose condition was not met, and what stands there ({} for nothing)."""

    action: Action
    found: Item

    @property
    def is_ours(self) -> bool:
        """Whether what stands there is what the action wanted to put."""
        return bool(self.found) and self.found == item_of(self.action)


def write(connection: Connection, action: Action) -> Unmet | None:
    """One action; None where it was done."""
    [(kind, request)] = action.items()
    try:
        call(connection, OPERATIONS[kind], **request)
    except ClientError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        return Unmet(action, error.response.get("Item", {}))
    return None


def won(connection: Connection, action: Action) -> bool:
    """Whether a conditional put stands, by this or an earlier try."""
    unmet = write(connection, action)
    return unmet is None or unmet.is_ours


def transact(connection: Connection, actions: Sequence[Action]) -> dict[int, Unmet]:
    """Up to 100 actions, all or none; {} where they were done, else those whose conditions were not met, by place.

    A conflict with another transaction, or a busy table, is tried again; then Busy.
    """
    request = {"TransactItems": list(actions)}
    for _ in tries(connection, f"transaction of {len(actions)}"):
        try:
            call(connection, "transact_write_items", ClientRequestToken=str(uuid4()), **request)
        except ClientError as error:
            if code_of(error) != "TransactionCanceledException":
                raise
            reasons = error.response.get("CancellationReasons", [])
            unmet = _unmet(actions, reasons)
            if unmet:
                return unmet
            _raise_unless_passing(error, reasons)
        else:
            return {}
    raise AssertionError("tries raises Busy")


def transacted(connection: Connection, actions: Sequence[Action]) -> bool:
    """Whether the transaction stands. Its first action is a conditional put of a row that no other one puts:
    where that row stands as we wanted it, the transaction that put it was ours.
    """
    unmet = transact(connection, actions)
    return not unmet or (0 in unmet and unmet[0].is_ours)


def deleted(connection: Connection, action: Action) -> bool:
    """A conditional delete, as a transaction: the token knows a repetition, where an empty place would tell nothing."""
    return not transact(connection, [action])


def _unmet(actions: Sequence[Action], reasons: Sequence[dict[str, Any]]) -> dict[int, Unmet]:
    return {
        place: Unmet(action, reason.get("Item", {}))
        for place, (action, reason) in enumerate(zip(actions, reasons, strict=False))
        if reason.get("Code") == UNMET
    }


def _raise_unless_passing(error: ClientError, reasons: Sequence[dict[str, Any]]) -> None:
    """A reason that no repetition mends (an item too large, a malformed key) is an error of ours."""
    codes = {str(reason.get("Code")) for reason in reasons} - {"None"}
    if not codes <= PASSING_REASONS:
        raise error
