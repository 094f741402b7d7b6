"""Decisions about recipients held in doubt, in memory."""

from dataclasses import dataclass

from chalicelib.model.decision import Decision
from tests.fakes.tables import Tables, put_new, put_over


@dataclass
class FakeDecisions:
    tables: Tables

    def create(self, decision: Decision) -> bool:
        return put_new(self.tables.decisions, decision.id, decision)

    def update(self, decision: Decision, expected_version: int) -> bool:
        return put_over(self.tables.decisions, decision.id, decision, expected_version)

    def about(self, broadcast_or_message: str) -> list[Decision]:
        return [each for each in self.tables.decisions.values() if each.about == broadcast_or_message]
