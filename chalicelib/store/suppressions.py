"""Do not contact: table `suppressions`, by the keyed hash of the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.suppression import STRENGTH, Reason, Suppression
from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.reading import read_many
from chalicelib.store.row import HashRow, Item, key, name
from chalicelib.store.writing import deleted, write

SUPPRESSIONS = "suppressions"


class SuppressionRow(HashRow):
    """pk: workspace#hash. `strength` is the reason's, for the condition."""

    reason = UnicodeAttribute()
    strength = NumberAttribute()
    source = UnicodeAttribute()
    at = NumberAttribute()


class SuppressionsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(SUPPRESSIONS)

    def put(self, suppression: Suppression) -> None:
        strength = STRENGTH[suppression.reason]
        row = SuppressionRow(
            name(self._workspace, suppression.address_hash),
            reason=suppression.reason,
            strength=strength,
            source=suppression.source,
            at=suppression.at,
        )
        weaker = SuppressionRow.pk.does_not_exist() | (SuppressionRow.strength < strength)
        write(self._connection, action.put(self._table, row, weaker))

    def read(self, address_hash: str) -> Suppression | None:
        return self.read_many([address_hash]).get(address_hash)

    def read_many(self, address_hashes: Sequence[str]) -> dict[str, Suppression]:
        keys = [key(name(self._workspace, each)) for each in dict.fromkeys(address_hashes)]
        items = read_many(self._connection, {self._table: keys})[self._table]
        return {each.address_hash: each for each in map(suppression_of, items)}

    def remove(self, address_hash: str, reason: str) -> bool:
        place = key(name(self._workspace, address_hash))
        return deleted(self._connection, action.delete(self._table, place, SuppressionRow.reason == reason))


def suppression_of(item: Item) -> Suppression:
    row = SuppressionRow.of(item)
    address_hash = row.pk.partition("#")[2]
    return Suppression(address_hash, cast(Reason, row.reason), row.source, int(row.at))
