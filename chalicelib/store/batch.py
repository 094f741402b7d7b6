"""Unconditional writes and deletions in batches of 25; what a request left undone is sent again, with patience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.store.connection import Connection
from chalicelib.store.patience import call, tries
from chalicelib.store.row import Item, Key

BATCH = 25


def put_all(connection: Connection, table: str, items: Iterable[Item]) -> None:
    """Returns when all are written; Busy where they were not. No key twice."""
    _write(connection, table, [{"PutRequest": {"Item": item}} for item in items])


def delete_all(connection: Connection, table: str, keys: Iterable[Key]) -> None:
    _write(connection, table, [{"DeleteRequest": {"Key": key}} for key in keys])


def _write(connection: Connection, table: str, requests: Sequence[Any]) -> None:
    for at in range(0, len(requests), BATCH):
        undone: dict[str, Any] = {table: requests[at : at + BATCH]}
        for _ in tries(connection, f"batch write {table}"):
            answer = call(connection, "batch_write_item", RequestItems=undone)
            undone = answer.get("UnprocessedItems", {})
            if not undone:
                break
