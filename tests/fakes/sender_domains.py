"""Domains as the test knows them; all else is in order."""

from dataclasses import dataclass, field

from chalicelib.model.sender_domain import SenderDomain


@dataclass
class FakeSenderDomains:
    known: dict[str, SenderDomain] = field(default_factory=dict)

    def look(self, name: str) -> SenderDomain:
        return self.known.get(name, SenderDomain(name, "v=spf1 -all", "v=DMARC1; p=reject", "yes"))
