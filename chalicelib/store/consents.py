"""Consent histories: table `library`, a partition a contact.

Beside the contacts and not in them, because a history only grows; not among the messages, because those outlive
their contact, and this goes with it: an entry may hold what somebody typed into a form. Whoever is deleted leaves
the keyed hash of the address among the suppressions, if that, and nothing here.
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.model.consent import Consent
from chalicelib.store import action
from chalicelib.store.batch import delete_all
from chalicelib.store.connection import Connection
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query, read
from chalicelib.store.row import RangeRow, key, name
from chalicelib.store.shelf import LIBRARY
from chalicelib.store.writing import won


class ConsentRow(RangeRow):
    """pk: workspace#consent#contact id; sk: the entry's id."""

    doc = UnicodeAttribute()


_DOCUMENT = Document(Consent)


class ConsentsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(LIBRARY)

    def add(self, consent: Consent) -> bool:
        row = ConsentRow(self._place(consent.contact), consent.id, doc=_DOCUMENT.text(consent))
        return won(self._connection, action.put(self._table, row, ConsentRow.pk.does_not_exist()))

    def read(self, contact_id: str, consent_id: str) -> Consent | None:
        item = read(self._connection, self._table, key(self._place(contact_id), consent_id))
        return None if item is None else _DOCUMENT.thing(ConsentRow.readable(item)["doc"]["S"])

    def of_contact(self, contact_id: str) -> list[Consent]:
        items = query(self._connection, Range(self._table, ConsentRow.pk == self._place(contact_id)))
        found = [_DOCUMENT.thing(ConsentRow.readable(item)["doc"]["S"]) for item in items]
        return sorted(found, key=lambda each: (each.at, each.id))

    def forget(self, contact_id: str) -> None:
        place = self._place(contact_id)
        items = query(self._connection, Range(self._table, ConsentRow.pk == place))
        delete_all(self._connection, self._table, [key(place, item["sk"]["S"]) for item in items])

    def _place(self, contact_id: str) -> str:
        return name(self._workspace, "consent", contact_id)
