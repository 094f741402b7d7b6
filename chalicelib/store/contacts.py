"""Contacts and their addresses: tables `contacts` and `addresses`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.model.contact import Contact
from chalicelib.model.ids import ID
from chalicelib.store import action
from chalicelib.store.action import Action, Requirement
from chalicelib.store.connection import Connection
from chalicelib.store.contact_rows import (
    ADDRESSES,
    AT_VERSION,
    CONTACTS,
    READ,
    AddressRow,
    ContactRow,
    contact_item,
    contact_of,
)
from chalicelib.store.contact_search import search
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.patience import call
from chalicelib.store.reading import read, read_many
from chalicelib.store.row import Item, key, name
from chalicelib.store.writing import MOST, Unmet, deleted, transact, transacted, won, write

# A transaction holds 4 MB; fields have at most 64 KB, other things of a contact at most 8.
MOST_BYTES = 3 * 1024 * 1024
NEW = action.prepared(ContactRow.pk.does_not_exist())
FREE = action.prepared(
    AddressRow.pk.does_not_exist() | ((AddressRow.contact == "") & AddressRow.erased.does_not_exist())
)


class ContactsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._contacts = connection.table(CONTACTS)
        self._addresses = connection.table(ADDRESSES)

    def read(self, contact_id: str) -> Contact | None:
        item = read(self._connection, self._contacts, self._key(contact_id))
        return None if item is None else contact_of(item)

    def read_many(self, contact_ids: Sequence[str]) -> dict[str, Contact]:
        keys = [self._key(each) for each in dict.fromkeys(contact_ids)]
        items = read_many(self._connection, {self._contacts: keys}, only={self._contacts: READ})[self._contacts]
        return {contact.id: contact for contact in map(contact_of, items)}

    def by_address(self, address_hash: str) -> str | None:
        return self.by_addresses([address_hash]).get(address_hash)

    def by_addresses(self, address_hashes: Sequence[str]) -> dict[str, str]:
        keys = [self._key(each) for each in dict.fromkeys(address_hashes)]
        items = read_many(self._connection, {self._addresses: keys})[self._addresses]
        start = len(self._workspace) + 1
        return {item["pk"]["S"][start:]: item["contact"]["S"] for item in map(AddressRow.readable, items)}

    def create(self, contact: Contact, address_hash: str) -> bool:
        return transacted(self._connection, self._creation(contact, address_hash))

    def create_many(self, contacts: Sequence[tuple[Contact, str]]) -> set[str]:
        created: set[str] = set()
        for part in _parts([(self._creation(*each), each[0].id) for each in contacts]):
            created |= self._all_that_can(part)
        return created

    def update(self, contact: Contact, expected_version: int) -> bool:
        return won(self._connection, self._put(contact, AT_VERSION(str(expected_version))))

    def update_many(self, contacts: Sequence[Contact]) -> set[str]:
        updates = [([self._put(each, AT_VERSION(str(each.version - 1)))], each.id) for each in contacts]
        updated: set[str] = set()
        for part in _parts(updates):
            updated |= self._all_that_can(part)
        return updated

    def change_address(self, contact: Contact, expected_version: int, old_hash: str, new_hash: str) -> bool:
        actions = [self._put(contact, AT_VERSION(str(expected_version))), self._address(contact, new_hash)]
        if old_hash != new_hash:
            own = (AddressRow.contact == contact.id) & AddressRow.erased.does_not_exist()
            own = AddressRow.pk.does_not_exist() | own
            actions.append(action.delete(self._addresses, self._key(old_hash), own))
        return transacted(self._connection, actions)

    def entomb(self, address_hash: str, contact_id: str, at: int) -> None:
        row = AddressRow(name(self._workspace, address_hash), contact=contact_id, erased=at)
        write(self._connection, action.put(self._addresses, row, AddressRow.erased.does_not_exist()))

    def exhume(self, address_hash: str) -> None:
        lifted = action.update(
            self._addresses, self._key(address_hash), [AddressRow.erased.remove()], AddressRow.erased.exists()
        )
        write(self._connection, lifted)

    def erased(self, address_hashes: Sequence[str]) -> dict[str, int]:
        keys = [self._key(each) for each in dict.fromkeys(address_hashes)]
        rows = map(AddressRow.of, read_many(self._connection, {self._addresses: keys})[self._addresses])
        start = len(self._workspace) + 1
        return {row.pk[start:]: int(row.erased) for row in rows if row.erased is not None}

    def redirect(self, address_hash: str, before: str, after: str) -> None:
        # an update and no put: a tombstone stays
        led = AddressRow.contact == before
        moved = action.update(self._addresses, self._key(address_hash), [AddressRow.contact.set(after)], led)
        write(self._connection, moved)

    def delete(self, contact_id: str, expected_version: int) -> bool:
        condition = ContactRow.v == expected_version
        return deleted(self._connection, action.delete(self._contacts, self._key(contact_id), condition))

    def page(self, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
        """In the order of the table's scan, which is nobody's."""
        contacts, done = self.scan(0, 1, place_of(cursor, ID) if cursor else "", limit + 1)
        while not done and len(contacts) <= limit:
            more, done = self.scan(0, 1, contacts[-1].id, limit + 1 - len(contacts))
            contacts += more
        return cut(contacts, limit, lambda contact: contact.id)

    def search(self, start: str, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
        return search(self._connection, self._workspace, self.read_many, start, limit, cursor)

    def scan(self, segment: int, segments: int, after: str, limit: int) -> tuple[list[Contact], bool]:
        """Consistent, so that whoever was there before a broadcast began is found. Only the last part of a
        scan may be empty: other workspaces' contacts are read over.
        """
        request = self._scan(segment, segments, limit)
        last = self._key(after) if after else None
        while True:
            start = {"ExclusiveStartKey": last} if last else {}
            answer = call(self._connection, "scan", **request, **start)
            last = answer.get("LastEvaluatedKey")
            if answer["Items"] or last is None:
                return [contact_of(item) for item in answer["Items"]], last is None

    def _scan(self, segment: int, segments: int, limit: int) -> dict[str, Any]:
        return {
            "TableName": self._contacts,
            "Segment": segment,
            "TotalSegments": segments,
            "Limit": limit,
            "ConsistentRead": True,
            "FilterExpression": "begins_with(pk, :workspace)",
            **READ,
            "ExpressionAttributeValues": {":workspace": {"S": f"{self._workspace}#"}},
        }

    def _all_that_can(self, wished: Sequence[tuple[Sequence[Action], str]]) -> set[str]:
        """One transaction of them all; where some cannot be, again without those. The ids that stand."""
        standing: set[str] = set()
        left = list(wished)
        while left:
            owners = [place for place, (actions, _) in enumerate(left) for _ in actions]
            unmet = transact(self._connection, [each for actions, _ in left for each in actions])
            if not unmet:
                return standing | {contact_id for _, contact_id in left}
            standing |= {left[owners[place]][1] for place, each in unmet.items() if _stands(each, self._contacts)}
            refused = {owners[place] for place in unmet}
            left = [each for place, each in enumerate(left) if place not in refused]
        return standing

    def _creation(self, contact: Contact, address_hash: str) -> list[Action]:
        return [self._put(contact, NEW()), self._address(contact, address_hash)]

    def _put(self, contact: Contact, requirement: Requirement) -> Action:
        return action.put_item(self._contacts, contact_item(self._workspace, contact), requirement)

    def _address(self, contact: Contact, address_hash: str) -> Action:
        """Free, or its own since before it was deleted; and nobody's who was erased."""
        item = AddressRow.item_with(pk=name(self._workspace, address_hash), contact=contact.id)
        return action.put_item(self._addresses, item, FREE(contact.id))

    def _key(self, identifier: str) -> Item:
        return key(name(self._workspace, identifier))


def _stands(unmet: Unmet, table: str) -> bool:
    """Whether a contact's own row stands as it was to be put."""
    return unmet.is_ours and unmet.action["Put"]["TableName"] == table


def _parts(wished: Sequence[tuple[Sequence[Action], str]]) -> list[list[tuple[Sequence[Action], str]]]:
    """Cut so that each part fits in a transaction, by number and by bytes."""
    parts: list[list[tuple[Sequence[Action], str]]] = [[]]
    actions = size = 0
    for each in wished:
        more = sum(len(item["doc"]["S"].encode()) for item in map(action.item_of, each[0]) if item and "doc" in item)
        if parts[-1] and (actions + len(each[0]) > MOST or size + more > MOST_BYTES):
            parts.append([])
            actions = size = 0
        parts[-1].append(each)
        actions, size = actions + len(each[0]), size + more
    return [part for part in parts if part]
