"""What a call must know of its recipients, from the shared tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.message import MessageKey
from chalicelib.model.reading import Reading
from chalicelib.model.token import Signer
from chalicelib.model.workspace import Workspace
from tests.fakes.tables import Tables


@dataclass
class FakeRecipients:
    tables: Tables
    signer: Signer

    def read(self, broadcast_id: str, family: str, contact_ids: Sequence[str]) -> Reading:
        assert len(contact_ids) <= 50
        tables = self.tables
        contacts = {each: tables.contacts[each] for each in contact_ids if each in tables.contacts}
        keys = {each: MessageKey(each, family) for each in contact_ids}
        hashes = {each: self.signer.hashed("address", contact.address) for each, contact in contacts.items()}
        return Reading(
            broadcast=tables.broadcasts.get(broadcast_id),
            contacts=contacts,
            rows={each: tables.messages[key] for each, key in keys.items() if key in tables.messages},
            suppressions={each: tables.suppressions[h] for each, h in hashes.items() if h in tables.suppressions},
            workspace=tables.shelves.get("workspaces", {}).get(Workspace().id, Workspace()),
        )
