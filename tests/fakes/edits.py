"""The earlier changes of each contact in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.contact import Edit
from chalicelib.model.history import KEPT, Kept, newest_first
from tests.fakes.tables import Tables


@dataclass
class FakeEdits:
    tables: Tables

    def keep(self, edits: Sequence[Kept]) -> None:
        places = [(each.contact, each.edit.number % KEPT) for each in edits]
        assert len(set(places)) == len(places), "a place twice in one batch"
        self.tables.edits.update(zip(places, (each.edit for each in edits), strict=True))

    def of_contact(self, contact_id: str) -> list[Edit]:
        return newest_first([edit for (contact, _), edit in self.tables.edits.items() if contact == contact_id])

    def forget(self, contact_id: str) -> None:
        for place in [place for place in self.tables.edits if place[0] == contact_id]:
            del self.tables.edits[place]
