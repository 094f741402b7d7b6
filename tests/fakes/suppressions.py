"""Do-not-contact rows in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.suppression import Suppression, overrides
from tests.fakes.tables import Tables


@dataclass
class FakeSuppressions:
    tables: Tables

    def put(self, suppression: Suppression) -> None:
        stored = self.tables.suppressions.get(suppression.address_hash)
        if stored is None or overrides(suppression.reason, stored.reason):
            self.tables.suppressions[suppression.address_hash] = suppression

    def read(self, address_hash: str) -> Suppression | None:
        return self.tables.suppressions.get(address_hash)

    def read_many(self, address_hashes: Sequence[str]) -> dict[str, Suppression]:
        rows = self.tables.suppressions
        return {each: rows[each] for each in address_hashes if each in rows}

    def remove(self, address_hash: str, reason: str) -> bool:
        stored = self.tables.suppressions.get(address_hash)
        if stored is None or stored.reason != reason:
            return False
        del self.tables.suppressions[address_hash]
        return True
