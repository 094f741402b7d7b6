"""Claims of idempotency keys: table `library`, which forgets them by itself some time after they have expired."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.claim import Claim
from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.document import Document
from chalicelib.store.reading import read
from chalicelib.store.row import RangeRow, key, name
from chalicelib.store.shelf import LIBRARY
from chalicelib.store.writing import won

SECOND_MS = 1_000


class BulkClaimRow(RangeRow):
    """pk: workspace#claim#id; sk: `claim`; ttl: epoch seconds."""

    v = NumberAttribute()
    doc = UnicodeAttribute()
    ttl = NumberAttribute()


_DOCUMENT = Document(Claim)
CLAIM = "claim"


class ClaimsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(LIBRARY)

    def create(self, claim: Claim) -> bool:
        return won(self._connection, action.put(self._table, self._row(claim), BulkClaimRow.pk.does_not_exist()))

    def read(self, claim_id: str) -> Claim | None:
        item = read(self._connection, self._table, key(self._place(claim_id), CLAIM))
        return None if item is None else _DOCUMENT.thing(BulkClaimRow.readable(item)["doc"]["S"])

    def update(self, claim: Claim, expected_version: int) -> bool:
        condition = BulkClaimRow.v == expected_version
        return won(self._connection, action.put(self._table, self._row(claim), condition))

    def _row(self, claim: Claim) -> BulkClaimRow:
        text, gone = _DOCUMENT.text(claim), claim.expires_at // SECOND_MS
        return BulkClaimRow(self._place(claim.id), CLAIM, v=claim.version, doc=text, ttl=gone)

    def _place(self, claim_id: str) -> str:
        return name(self._workspace, "claim", claim_id)
