"""Do not contact: table `suppressions`, by the keyed hash of the address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.address_record import AddressRecord
from chalicelib.model.ids import ID
from chalicelib.model.suppression import STRENGTH, Reason, Suppression
from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.patience import call
from chalicelib.store.reading import read, read_many
from chalicelib.store.row import HashRow, Item, key, name
from chalicelib.store.writing import deleted, won, write

SUPPRESSIONS = "suppressions"
# A scan reads on over rows that are not listed: not too few at a time.
LEAST_STEP = 100


class SuppressionRow(HashRow):
    """pk: workspace#hash; workspace#hash#beneath for what a person's own word covers. `strength` is the reason's, for
    the condition.
    """

    reason = UnicodeAttribute()
    strength = NumberAttribute()
    source = UnicodeAttribute()
    at = NumberAttribute()


class AddressRecordRow(HashRow):
    """pk: workspace#hash#record."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


_RECORD = Document(AddressRecord)


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

    def page(self, limit: int, cursor: str | None) -> tuple[list[Suppression], str | None]:
        """In the order of the table's scan. Records, other workspaces' rows and what lies beneath are read over."""
        found = islice(self._scanned(place_of(cursor, ID) if cursor else "", limit + 1), limit + 1)
        return cut(list(found), limit, lambda each: each.address_hash)

    def record(self, address_hash: str) -> AddressRecord:
        item = read(self._connection, self._table, key(self._record_place(address_hash)))
        return AddressRecord(address_hash) if item is None else _RECORD.thing(item["doc"]["S"])

    def write_record(self, record: AddressRecord, expected_version: int) -> bool:
        """The same record with the same version is our own, whose answer was lost."""
        row = AddressRecordRow(self._record_place(record.address_hash), v=record.version, doc=_RECORD.text(record))
        before = AddressRecordRow.v == expected_version if expected_version else AddressRecordRow.pk.does_not_exist()
        return won(self._connection, action.put(self._table, row, before))

    def _scanned(self, after: str, step: int) -> Iterator[Suppression]:
        request: dict[str, Any] = {"TableName": self._table, "Limit": max(step, LEAST_STEP), "ConsistentRead": True}
        start = {"ExclusiveStartKey": key(name(self._workspace, after))} if after else {}
        while True:
            answer = call(self._connection, "scan", **request, **start)
            yield from (suppression_of(item) for item in answer["Items"] if self._is_listed(item))
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _is_listed(self, item: Item) -> bool:
        workspace, _, rest = item["pk"]["S"].partition("#")
        return workspace == self._workspace and "#" not in rest

    def _record_place(self, address_hash: str) -> str:
        return name(self._workspace, address_hash, "record")


def suppression_of(item: Item) -> Suppression:
    row = SuppressionRow.of(item)
    address_hash = row.pk.partition("#")[2]
    return Suppression(address_hash, cast(Reason, row.reason), row.source, int(row.at))
