"""The history of each contact's consent in memory."""

from dataclasses import dataclass

from chalicelib.model.consent import Consent
from tests.fakes.tables import Tables, put_new


@dataclass
class FakeConsents:
    tables: Tables

    def add(self, consent: Consent) -> bool:
        return put_new(self.tables.consents, (consent.contact, consent.id), consent)

    def read(self, contact_id: str, consent_id: str) -> Consent | None:
        return self.tables.consents.get((contact_id, consent_id))

    def of_contact(self, contact_id: str) -> list[Consent]:
        mine = [each for (contact, _), each in self.tables.consents.items() if contact == contact_id]
        return sorted(mine, key=lambda each: (each.at, each.id))

    def forget(self, contact_id: str) -> None:
        for place in [place for place in self.tables.consents if place[0] == contact_id]:
            del self.tables.consents[place]
