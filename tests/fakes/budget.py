"""The send budget in memory: one row."""

from dataclasses import dataclass

from tests.fakes.tables import Tables


@dataclass
class FakeBudget:
    tables: Tables

    def reserve(self, cost_ms: int, now: int, ahead_ms: int) -> int | None:
        slot = max(now, self.tables.next_at)
        if slot > now + ahead_ms:
            return None
        self.tables.next_at = slot + cost_ms
        return slot
