"""Whose turn it is to write to a person, in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tests.fakes.tables import Tables


@dataclass
class FakeTurns:
    tables: Tables

    def take(self, family: str, done: Mapping[str, Collection[str]], until: int, now: int) -> set[str]:
        assert len(done) <= 50
        taken = {each for each in done if self._is_free(each, {family, *done[each]}, now)}
        self.tables.turns |= dict.fromkeys(taken, (family, until))
        return taken

    def _is_free(self, contact: str, families: Collection[str], now: int) -> bool:
        holder, until = self.tables.turns.get(contact, (None, 0))
        return holder is None or until < now or holder in families
