"""Do-not-contact rows in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.address_record import AddressRecord
from chalicelib.model.suppression import Suppression, overrides
from tests.fakes.tables import Tables, paged


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

    def page(self, limit: int, cursor: str | None) -> tuple[list[Suppression], str | None]:
        rows = self.tables.suppressions
        return paged([rows[each] for each in sorted(rows) if "#" not in each], limit, cursor)

    def record(self, address_hash: str) -> AddressRecord:
        return self.tables.address_records.get(address_hash, AddressRecord(address_hash))

    def write_record(self, record: AddressRecord, expected_version: int) -> bool:
        stands = self.record(record.address_hash)
        if stands.version == expected_version:
            self.tables.address_records[record.address_hash] = record
            return True
        return stands == record
