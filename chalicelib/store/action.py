"""A write, ready to be sent alone or in a transaction: Put, Update, Delete or ConditionCheck, with its condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change
from pynamodb.expressions.update import Update

from chalicelib.store.row import Item, Key, Row

# {"Put": {"TableName": ..., "Item": ..., ...}}, as TransactWriteItems takes it.
Action = dict[str, dict[str, Any]]
VALUES = "ExpressionAttributeValues"


# A condition as a request says it.
Requirement = Mapping[str, Any]


def put(table: str, row: Row | Item, condition: Condition | None = None) -> Action:
    return put_item(table, row.item() if isinstance(row, Row) else row, _conditional(condition, {}, {}))


def put_item(table: str, item: Item, requirement: Requirement) -> Action:
    return {"Put": {"TableName": table, "Item": item, **requirement}}


def prepared(condition: Condition) -> Callable[..., Requirement]:
    """The condition, written once, as a function of its values' texts in their order: what differs from row to row.
    (pynamodb takes longer over a condition than over the row.)
    """
    request = _conditional(condition, {}, {})
    kinds = [(placeholder, kind) for placeholder, value in request.get(VALUES, {}).items() for kind in value]

    def filled(*texts: str) -> Requirement:
        values = {place: {kind: text} for (place, kind), text in zip(kinds, texts, strict=True)}
        return request | ({VALUES: values} if values else {})

    return filled


def delete(table: str, key: Key, condition: Condition | None = None) -> Action:
    return {"Delete": {"TableName": table, "Key": key} | _conditional(condition, {}, {})}


def check(table: str, key: Key, condition: Condition) -> Action:
    return {"ConditionCheck": {"TableName": table, "Key": key} | _conditional(condition, {}, {})}


def update(table: str, key: Key, changes: list[Change], condition: Condition | None = None) -> Action:
    """SET, ADD and REMOVE of declared attributes."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    expression = Update(*changes).serialize(names, values)
    request = {"TableName": table, "Key": key, "UpdateExpression": expression}
    return {"Update": request | _conditional(condition, names, values)}


def add(table: str, key: Key, numbers: Mapping[str, int]) -> Action:
    """ADD to attributes that nobody declared (`opened#2026-11-24`)."""
    names = {f"#{n}": name for n, name in enumerate(numbers)}
    values = {f":{n}": {"N": str(number)} for n, number in enumerate(numbers.values())}
    expression = "ADD " + ", ".join(f"#{n} :{n}" for n in range(len(numbers)))
    request = {"TableName": table, "Key": key, "UpdateExpression": expression}
    return {"Update": request | {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}}


def item_of(action: Action) -> Item | None:
    """What a Put puts; None for all else."""
    return action["Put"]["Item"] if "Put" in action else None


def _conditional(condition: Condition | None, names: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """Where a condition is not met, the answer is to show what stands there."""
    request: dict[str, Any] = {}
    if condition is not None:
        request["ConditionExpression"] = condition.serialize(names, values)
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if names:
        request["ExpressionAttributeNames"] = names_of(names)
    if values:
        request[VALUES] = values
    return request


def names_of(placeholders: dict[str, str]) -> dict[str, str]:
    """pynamodb collects placeholders by name; DynamoDB wants names by placeholder."""
    return {placeholder: name for name, placeholder in placeholders.items()}
