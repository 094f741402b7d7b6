"""The audit log: table `library`, by time. It forgets what is older than `KEPT_MS`."""

from __future__ import annotations

import re
from itertools import islice

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.audit import KEPT_MS, AuditEntry
from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query
from chalicelib.store.row import RangeRow, name
from chalicelib.store.shelf import LIBRARY
from chalicelib.store.writing import write

SECOND_MS = 1_000
# Later than any moment in milliseconds: what is left until then sorts the newest first.
LATEST = 9_999_999_999_999
PLACE = re.compile(r"[0-9]{13}-[0-9a-v]{16}")


class AuditRow(RangeRow):
    """pk: workspace#audit; sk: milliseconds until LATEST (13 digits) and id; ttl: epoch seconds."""

    doc = UnicodeAttribute()
    ttl = NumberAttribute()


_DOCUMENT = Document(AuditEntry)


class AuditStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._table = connection.table(LIBRARY)
        self._place = name(workspace, "audit")

    def add(self, entry: AuditEntry) -> None:
        gone = (entry.at + KEPT_MS) // SECOND_MS
        write(
            self._connection,
            action.put(self._table, AuditRow(self._place, place(entry), doc=_DOCUMENT.text(entry), ttl=gone)),
        )

    def page(self, limit: int, cursor: str | None) -> tuple[list[AuditEntry], str | None]:
        where = AuditRow.pk == self._place
        if cursor:
            where &= AuditRow.sk > place_of(cursor, PLACE)
        items = query(self._connection, Range(self._table, where, step=limit + 1))
        entries = [_DOCUMENT.thing(AuditRow.readable(item)["doc"]["S"]) for item in islice(items, limit + 1)]
        return cut(entries, limit, place)


def place(entry: AuditEntry) -> str:
    """The newest come first."""
    return f"{LATEST - entry.at:013d}-{entry.id}"
