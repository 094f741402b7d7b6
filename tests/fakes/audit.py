"""The audit log in memory."""

from dataclasses import dataclass

from chalicelib.model.audit import AuditEntry
from tests.fakes.tables import Tables, paged


@dataclass
class FakeAudit:
    tables: Tables

    def add(self, entry: AuditEntry) -> None:
        self.tables.audit[entry.id] = entry

    def page(self, limit: int, cursor: str | None) -> tuple[list[AuditEntry], str | None]:
        newest = sorted(self.tables.audit.values(), key=lambda each: (-each.at, each.id))
        return paged(newest, limit, cursor)
