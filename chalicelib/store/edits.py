"""The earlier changes of each contact: table `library`, a partition a contact with a ring of places in it.

An edit lies in the place of its number modulo KEPT, and so writes over the one that is that many older: what is kept
stays bounded without anything being deleted or counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from pynamodb.attributes import UnicodeAttribute

from chalicelib.model.contact import Edit
from chalicelib.model.history import KEPT, Kept, newest_first
from chalicelib.store.batch import delete_all, put_all
from chalicelib.store.connection import Connection
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query
from chalicelib.store.row import RangeRow, key, name
from chalicelib.store.shelf import LIBRARY


class EditRow(RangeRow):
    """pk: workspace#edit#contact id; sk: the edit's number modulo KEPT, in two digits."""

    doc = UnicodeAttribute()


_DOCUMENT = Document(Edit)


class EditsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(LIBRARY)

    def keep(self, edits: Sequence[Kept]) -> None:
        put_all(self._connection, self._table, [self._row(each).item() for each in edits])

    def of_contact(self, contact_id: str) -> list[Edit]:
        items = query(self._connection, Range(self._table, EditRow.pk == self._place(contact_id)))
        return newest_first([_DOCUMENT.thing(EditRow.readable(item)["doc"]["S"]) for item in items])

    def forget(self, contact_id: str) -> None:
        place = self._place(contact_id)
        items = query(self._connection, Range(self._table, EditRow.pk == place))
        delete_all(self._connection, self._table, [key(place, item["sk"]["S"]) for item in items])

    def _row(self, kept: Kept) -> EditRow:
        return EditRow(self._place(kept.contact), f"{kept.edit.number % KEPT:02d}", doc=_DOCUMENT.text(kept.edit))

    def _place(self, contact_id: str) -> str:
        return name(self._workspace, "edit", contact_id)
