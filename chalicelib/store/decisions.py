"""Decisions about recipients held in doubt: table `broadcasts`, beside the broadcast that they are about."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.decision import Decision
from chalicelib.store import action
from chalicelib.store.broadcast_rows import BROADCASTS
from chalicelib.store.connection import Connection
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query
from chalicelib.store.row import RangeRow, name
from chalicelib.store.writing import won

DECISION = "decision#"


class DecisionRow(RangeRow):
    """pk: workspace#broadcast or message; sk: `decision#` and the decision's id."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


_DECISION = Document(Decision)


class DecisionsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(BROADCASTS)

    def create(self, decision: Decision) -> bool:
        return won(self._connection, action.put(self._table, self._row(decision), DecisionRow.pk.does_not_exist()))

    def update(self, decision: Decision, expected_version: int) -> bool:
        return won(self._connection, action.put(self._table, self._row(decision), DecisionRow.v == expected_version))

    def about(self, broadcast_or_message: str) -> list[Decision]:
        where = (DecisionRow.pk == name(self._workspace, broadcast_or_message)) & DecisionRow.sk.startswith(DECISION)
        rows = query(self._connection, Range(self._table, where))
        return [_DECISION.thing(DecisionRow.of(item).doc) for item in rows]

    def _row(self, decision: Decision) -> DecisionRow:
        place = name(self._workspace, decision.about)
        return DecisionRow(place, f"{DECISION}{decision.id}", v=decision.version, doc=_DECISION.text(decision))
