"""Imports and the lines that they did not take: table `jobs`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from itertools import islice

from pynamodb.attributes import UnicodeAttribute

from chalicelib.model.importing import Import, Rejected
from chalicelib.store.batch import put_all
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.job_rows import Jobs
from chalicelib.store.reading import Range, query
from chalicelib.store.row import RangeRow, name

KIND = "import"
# A sort key holds 1,024 bytes; the header's names are a stranger's.
MOST_COLUMN = 200


class RejectedRow(RangeRow):
    """pk: workspace#import#import id; sk: line in ten digits#column."""

    doc = UnicodeAttribute()


_DOCUMENT = Document(Rejected)
_PLACE = re.compile(r"[0-9]{10,}#.*", re.DOTALL)


class ImportsStore(Jobs[Import]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, KIND, Import)
        self._workspace = workspace

    def add_rejected(self, import_id: str, rejected: Sequence[Rejected]) -> None:
        place = self._rejected(import_id)
        rows = {_place(each): RejectedRow(place, _place(each), doc=_DOCUMENT.text(each)) for each in rejected}
        put_all(self._connection, self._table, [row.item() for row in rows.values()])

    def rejected(self, import_id: str, limit: int, cursor: str | None) -> tuple[list[Rejected], str | None]:
        where = RejectedRow.pk == self._rejected(import_id)
        if cursor:
            where &= RejectedRow.sk > place_of(cursor, _PLACE)
        items = query(self._connection, Range(self._table, where, step=limit + 1))
        page, following = cut(list(islice(items, limit + 1)), limit, lambda item: item["sk"]["S"])
        return [_DOCUMENT.thing(RejectedRow.of(item).doc) for item in page], following

    def _rejected(self, import_id: str) -> str:
        return name(self._workspace, KIND, import_id)


def _place(rejected: Rejected) -> str:
    column = rejected.column
    if len(column.encode()) > MOST_COLUMN:
        column = hashlib.sha256(column.encode()).hexdigest()
    return f"{rejected.line:010d}#{column}"
