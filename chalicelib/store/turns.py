"""Whose turn it is to write to a person: a row beside the person's messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.message_rows import MESSAGES
from chalicelib.store.row import RangeRow, name
from chalicelib.store.writing import transact

TURN = "turn"


class TurnRow(RangeRow):
    """pk: workspace#contact id; sk: `turn`, which no family's id is. `until` in epoch milliseconds."""

    family = UnicodeAttribute(attr_name="y")
    until = NumberAttribute(attr_name="u")


class TurnsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(MESSAGES)

    def take(self, family: str, done: Mapping[str, Collection[str]], until: int, now: int) -> set[str]:
        """One transaction; where it is cancelled it is cut again without those whose turn another one has."""
        contacts = list(done)
        if not contacts:
            return set()
        actions = [self._put(each, family, done[each], until, now) for each in contacts]
        unmet = transact(self._connection, actions)
        if not unmet:
            return set(contacts)
        others = {contacts[place] for place, each in unmet.items() if not each.is_ours}
        return self.take(family, {each: done[each] for each in contacts if each not in others}, until, now)

    def _put(self, contact: str, family: str, done: Collection[str], until: int, now: int) -> Action:
        row = TurnRow(name(self._workspace, contact), TURN, family=family, until=until)
        free = TurnRow.pk.does_not_exist() | (TurnRow.until < now) | TurnRow.family.is_in(family, *done)
        return action.put(self._table, row, free)
