"""What a call must know of its recipients, in two batch reads over five tables."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model.contact import Contact
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.reading import Reading
from chalicelib.model.token import Signer
from chalicelib.model.workspace import Workspace
from chalicelib.store.broadcast_rows import BROADCAST, BROADCASTS, broadcast_of
from chalicelib.store.connection import Connection
from chalicelib.store.contact_rows import CONTACTS, READ, contact_of
from chalicelib.store.document import Document
from chalicelib.store.message_rows import MESSAGES, message_of, message_place
from chalicelib.store.reading import read_many
from chalicelib.store.row import Item, key, name
from chalicelib.store.shelf import LIBRARY
from chalicelib.store.shelves import WORKSPACE
from chalicelib.store.suppressions import SUPPRESSIONS, suppression_of

_WORKSPACE = Document(Workspace)


class RecipientsStore:
    """`signer` knows the keyed hash of an address, by which suppressions are found."""

    def __init__(self, connection: Connection, workspace: str, signer: Signer) -> None:
        self._connection = connection
        self._workspace = workspace
        self._signer = signer
        self._contacts, self._messages = connection.table(CONTACTS), connection.table(MESSAGES)
        self._broadcasts, self._suppressions = connection.table(BROADCASTS), connection.table(SUPPRESSIONS)
        self._library = connection.table(LIBRARY)

    def read(self, broadcast_id: str, family: str, contact_ids: Sequence[str]) -> Reading:
        contacts, rows = self._people(family, contact_ids)
        hashes = {self._signer.hashed("address", contact.address): who for who, contact in contacts.items()}
        items = self._rules(broadcast_id, list(hashes))
        suppressed = map(suppression_of, items[self._suppressions])
        return Reading(
            next(map(broadcast_of, items[self._broadcasts]), None),
            contacts,
            rows,
            {hashes[each.address_hash]: each for each in suppressed},
            next((_WORKSPACE.thing(item["doc"]["S"]) for item in items[self._library]), Workspace()),
        )

    def _people(self, family: str, contact_ids: Sequence[str]) -> tuple[dict[str, Contact], dict[str, Message]]:
        keys = {
            self._contacts: [key(name(self._workspace, each)) for each in contact_ids],
            self._messages: [message_place(self._workspace, MessageKey(each, family)) for each in contact_ids],
        }
        items = read_many(self._connection, keys, only={self._contacts: READ})
        contacts = {contact.id: contact for contact in map(contact_of, items[self._contacts])}
        return contacts, {row.key.contact: row for row in map(message_of, items[self._messages])}

    def _rules(self, broadcast_id: str, hashes: Sequence[str]) -> dict[str, list[Item]]:
        """The broadcast, the suppressions and the workspace, by table."""
        keys = {
            self._broadcasts: [key(name(self._workspace, broadcast_id), BROADCAST)],
            self._suppressions: [key(name(self._workspace, each)) for each in hashes],
            self._library: [key(name(self._workspace, WORKSPACE), Workspace().id)],
        }
        return read_many(self._connection, keys)
