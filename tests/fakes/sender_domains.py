"""Domains as the test knows them; all else is in order."""

from dataclasses import dataclass, field

from chalicelib.model.dns_record import Identity
from chalicelib.model.sender_domain import SenderDomain


@dataclass
class FakeSenderDomains:
    known: dict[str, SenderDomain] = field(default_factory=dict)
    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    answers: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    def look(self, name: str) -> SenderDomain:
        return self.known.get(name, SenderDomain(name, "v=spf1 -all", "v=DMARC1; p=reject", "yes"))

    def ask(self, name: str, kind: str) -> tuple[str, ...] | None:
        self.asked.append((name, kind))
        return self.records.get((name, kind), ()) if self.answers else None

    def identity(self, name: str) -> Identity | None:
        return self.identities.get(name)
