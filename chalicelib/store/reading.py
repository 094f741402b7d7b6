"""Reading: one item, many by their keys, a range of them, a whole table in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.store.action import names_of
from chalicelib.store.connection import Connection
from chalicelib.store.patience import call, tries
from chalicelib.store.row import Item, Key

BATCH = 100
WHOLE: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of one partition in the order of their keys. `where` is on the key, `only` on the other attributes
    (read and paid for all the same). `step` is how many rows a request reads.
    """

    table: str
    where: Condition
    only: Condition | None = None
    step: int | None = None
    index: str | None = None
    consistent: bool = True


def read(connection: Connection, table: str, key: Key) -> Item | None:
    """Consistent."""
    answer = call(connection, "get_item", TableName=table, Key=key, ConsistentRead=True)
    item: Item | None = answer.get("Item")
    return item


def projection(*names: str) -> dict[str, Any]:
    """What a request says to be answered these attributes alone. An item is paid for whole, but each attribute that
    comes takes botocore as long to read as it takes us to read a contact.
    """
    places = {f"#p{number}": name for number, name in enumerate(names)}
    return {"ProjectionExpression": ", ".join(places), "ExpressionAttributeNames": places}


def read_many(
    connection: Connection,
    keys: Mapping[str, Sequence[Key]],
    *,
    only: Mapping[str, Mapping[str, Any]] = WHOLE,
    consistent: bool = True,
) -> dict[str, list[Item]]:
    """Items by table, in no order; those that are not there are missing. Any number of keys, no key twice: a hundred
    in a request, and what it left undone is asked for again. `only` holds a table's `projection`.
    """
    found: dict[str, list[Item]] = {table: [] for table in keys}
    wanted = [(table, key) for table, some in keys.items() for key in some]
    for at in range(0, len(wanted), BATCH):
        request = _batch(wanted[at : at + BATCH], only, consistent=consistent)
        _read_batch(connection, request, found)
    return found


def query(connection: Connection, wanted: Range) -> Iterator[Item]:
    """Lazily: the next page is asked for when it is needed."""
    request = _ranged(wanted)
    while True:
        answer = call(connection, "query", **request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def side_by_side(readings: Sequence[Iterator[Item]]) -> list[Iterator[Item]]:
    """The readings, the first page of each read already: all of them at once, in the time of one."""
    with ThreadPoolExecutor(len(readings), "reading") as pool:
        first = list(pool.map(lambda each: list(islice(each, 1)), readings))
    return [chain(begun, rest) for begun, rest in zip(first, readings, strict=True)]


def number_of(connection: Connection, wanted: Range) -> int:
    request = _ranged(wanted) | {"Select": "COUNT"}
    total = 0
    while True:
        answer = call(connection, "query", **request)
        total += int(answer["Count"])
        if "LastEvaluatedKey" not in answer:
            return total
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _batch(
    wanted: Iterable[tuple[str, Key]], only: Mapping[str, Mapping[str, Any]], *, consistent: bool
) -> dict[str, Any]:
    request: dict[str, Any] = {}
    for table, key in wanted:
        if table not in request:
            request[table] = {"Keys": [], "ConsistentRead": consistent, **only.get(table, {})}
        request[table]["Keys"].append(key)
    return request


def _read_batch(connection: Connection, request: dict[str, Any], found: dict[str, list[Item]]) -> None:
    for _ in tries(connection, "batch read"):
        answer = call(connection, "batch_get_item", RequestItems=request)
        for table, items in answer["Responses"].items():
            found[table] += items
        request = answer.get("UnprocessedKeys", {})
        if not request:
            return


def _ranged(wanted: Range) -> dict[str, Any]:
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    request: dict[str, Any] = {
        "TableName": wanted.table,
        "KeyConditionExpression": wanted.where.serialize(names, values),
        "ConsistentRead": wanted.consistent,
    }
    if wanted.only is not None:
        request["FilterExpression"] = wanted.only.serialize(names, values)
    if wanted.index is not None:
        request["IndexName"] = wanted.index
    if wanted.step is not None:
        request["Limit"] = wanted.step
    return request | {"ExpressionAttributeNames": names_of(names), "ExpressionAttributeValues": values}
