"""Contacts and their address rows in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from chalicelib.model.contact import Contact
from chalicelib.model.searching import SEARCH_KINDS, found_by, search_keys
from tests.fakes.tables import Tables, drop, paged, put_new, put_over


@dataclass
class FakeContacts:
    tables: Tables

    def read(self, contact_id: str) -> Contact | None:
        return self.tables.contacts.get(contact_id)

    def read_many(self, contact_ids: Sequence[str]) -> dict[str, Contact]:
        rows = self.tables.contacts
        return {each: rows[each] for each in contact_ids if each in rows}

    def by_address(self, address_hash: str) -> str | None:
        return self.tables.addresses.get(address_hash)

    def by_addresses(self, address_hashes: Sequence[str]) -> dict[str, str]:
        rows = self.tables.addresses
        return {each: rows[each] for each in address_hashes if each in rows}

    def create(self, contact: Contact, address_hash: str) -> bool:
        if self._is_taken(address_hash, contact):
            return False
        if not put_new(self.tables.contacts, contact.id, contact):
            return False
        self.tables.addresses[address_hash] = contact.id
        return True

    def create_many(self, contacts: Sequence[tuple[Contact, str]]) -> set[str]:
        assert len(contacts) <= 50, "a transaction of 100 items"
        assert len({address for _, address in contacts}) == len(contacts), "distinct addresses"
        return {contact.id for contact, address in contacts if self.create(contact, address)}

    def update(self, contact: Contact, expected_version: int) -> bool:
        return put_over(self.tables.contacts, contact.id, contact, expected_version)

    def update_many(self, contacts: Sequence[Contact]) -> set[str]:
        assert len(contacts) <= 100
        return {each.id for each in contacts if self.update(each, each.version - 1)}

    def change_address(self, contact: Contact, expected_version: int, old_hash: str, new_hash: str) -> bool:
        if self._is_taken(new_hash, contact) or old_hash in self.tables.tombs:
            return False
        if not self.update(contact, expected_version):
            return False
        self.tables.addresses.pop(old_hash, None)
        self.tables.addresses[new_hash] = contact.id
        return True

    def _is_taken(self, address_hash: str, contact: Contact) -> bool:
        return address_hash in self.tables.tombs or self.tables.addresses.get(address_hash, contact.id) != contact.id

    def entomb(self, address_hash: str, contact_id: str, at: int) -> None:
        if address_hash not in self.tables.tombs:
            self.tables.tombs[address_hash] = at
            self.tables.addresses[address_hash] = contact_id

    def exhume(self, address_hash: str) -> None:
        self.tables.tombs.pop(address_hash, None)

    def erased(self, address_hashes: Sequence[str]) -> dict[str, int]:
        return {each: self.tables.tombs[each] for each in address_hashes if each in self.tables.tombs}

    def redirect(self, address_hash: str, before: str, after: str) -> None:
        if self.tables.addresses.get(address_hash) == before:
            self.tables.addresses[address_hash] = after

    def delete(self, contact_id: str, expected_version: int) -> bool:
        return drop(self.tables.contacts, contact_id, expected_version)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
        rows = self.tables.contacts
        return paged([rows[each] for each in sorted(rows)], limit, cursor)

    def search(self, start: str, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
        found = [(found_by(each, start), each) for each in self.tables.contacts.values()]
        places = [(SEARCH_KINDS.index(kind), search_keys(each)[kind], each.id) for kind, each in found if kind]
        return paged([self.tables.contacts[identifier] for _, _, identifier in sorted(places)], limit, cursor)

    def scan(self, segment: int, segments: int, after: str, limit: int) -> tuple[list[Contact], bool]:
        """In the order of a hash, which is nobody's order, as DynamoDB's is."""
        rows = self.tables.contacts
        part = sorted((_scan_key(each), each) for each in rows if _scan_key(each) % segments == segment)
        rest = [each for key, each in part if not after or (key, each) > (_scan_key(after), after)]
        return [rows[each] for each in rest[:limit]], len(rest) <= limit


def _scan_key(contact_id: str) -> int:
    return crc32(contact_id.encode())
