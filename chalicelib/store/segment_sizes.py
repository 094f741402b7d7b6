"""How large a segment was, day by day: table `segments`."""

from __future__ import annotations

from datetime import date
from itertools import islice

from pynamodb.attributes import NumberAttribute

from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.reading import Range, query
from chalicelib.store.row import RangeRow, name
from chalicelib.store.writing import write

SIZES = "sizes"


class SizeRow(RangeRow):
    """pk: workspace#segment id#sizes; sk: the day."""

    size = NumberAttribute()


class SegmentSizesStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table("segments")

    def put(self, segment_id: str, day: date, size: int) -> None:
        write(self._connection, action.put(self._table, SizeRow(self._place(segment_id), day.isoformat(), size=size)))

    def since(self, segment_id: str, day: date, limit: int) -> list[tuple[date, int]]:
        where = (SizeRow.pk == self._place(segment_id)) & (SizeRow.sk >= day.isoformat())
        items = islice(query(self._connection, Range(self._table, where, step=limit)), limit)
        return [(date.fromisoformat(item["sk"]["S"]), int(item["size"]["N"])) for item in items]

    def _place(self, segment_id: str) -> str:
        return name(self._workspace, segment_id, SIZES)
