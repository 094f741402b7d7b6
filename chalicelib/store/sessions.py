"""Sessions and sign-in links: table `library`, which forgets them by itself some time after they have expired."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.session import Session
from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.document import Document
from chalicelib.store.reading import read
from chalicelib.store.row import Key, RangeRow, key, name
from chalicelib.store.shelf import LIBRARY
from chalicelib.store.writing import deleted, won

SECOND_MS = 1_000


class SessionRow(RangeRow):
    """pk: workspace#session; sk: id; ttl: epoch seconds."""

    doc = UnicodeAttribute()
    ttl = NumberAttribute()


_DOCUMENT = Document(Session)


class SessionsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._table = connection.table(LIBRARY)
        self._place = name(workspace, "session")

    def create(self, session: Session) -> bool:
        row = SessionRow(self._place, session.id, doc=_DOCUMENT.text(session), ttl=session.expires_at // SECOND_MS)
        return won(self._connection, action.put(self._table, row, SessionRow.pk.does_not_exist()))

    def read(self, session_id: str) -> Session | None:
        item = read(self._connection, self._table, self._key(session_id))
        return None if item is None else _DOCUMENT.thing(SessionRow.readable(item)["doc"]["S"])

    def end(self, session_id: str) -> bool:
        return deleted(self._connection, action.delete(self._table, self._key(session_id), SessionRow.pk.exists()))

    def _key(self, session_id: str) -> Key:
        return key(self._place, session_id)
