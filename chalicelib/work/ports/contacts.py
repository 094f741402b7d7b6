"""What keeps contacts, and what belongs to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chalicelib.model.claim import Claim
from chalicelib.model.consent import Consent
from chalicelib.model.contact import Contact, Edit
from chalicelib.model.history import Kept


class Contacts(Protocol):
    """Contacts and the address rows that keep one address to one contact."""

    def read(self, contact_id: str) -> Contact | None: ...

    def read_many(self, contact_ids: Sequence[str]) -> dict[str, Contact]:
        """Any number of ids; those that are gone are missing. Consistent."""
        ...

    def by_address(self, address_hash: str) -> str | None:
        """The id that this address has, or had before it was deleted."""
        ...

    def by_addresses(self, address_hashes: Sequence[str]) -> dict[str, str]: ...

    def create(self, contact: Contact, address_hash: str) -> bool:
        """Contact and address row in one transaction; False where the address or the id is taken by a
        living contact. A deleted contact's address must come back with its old id.
        """
        ...

    def create_many(self, contacts: Sequence[tuple[Contact, str]]) -> set[str]:
        """As `create`, for up to 50 with distinct addresses (a transaction of 100); the ids that were created.
        A cancelled transaction is cut again without those that exist.
        """
        ...

    def update(self, contact: Contact, expected_version: int) -> bool:
        """Conditional on the version; the address stays the same."""
        ...

    def update_many(self, contacts: Sequence[Contact]) -> set[str]:
        """Up to 100, each conditional on the version before its own; the ids that won."""
        ...

    def change_address(self, contact: Contact, expected_version: int, old_hash: str, new_hash: str) -> bool:
        """Conditional on the version and on the new address being free; the old address becomes free."""
        ...

    def entomb(self, address_hash: str, contact_id: str, at: int) -> None:
        """From now on no contact gets this address, by whatever write. The first tombstone stays."""
        ...

    def exhume(self, address_hash: str) -> None: ...

    def erased(self, address_hashes: Sequence[str]) -> dict[str, int]:
        """Of these, those under which somebody was erased, and when. Consistent."""
        ...

    def redirect(self, address_hash: str, before: str, after: str) -> None:
        """An address that leads to the contact `before` leads to `after` from now on; any other stays."""
        ...

    def delete(self, contact_id: str, expected_version: int) -> bool:
        """Deletes the contact; its address row stays, so that the same address gets its old id back."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]: ...

    def search(self, start: str, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
        """Whom these folded letters (`model/searching.py`) find: by address, then by name, then by surname, in the
        order of those. A moment late; a page may be short, or empty, though there are more.
        """
        ...

    def scan(self, segment: int, segments: int, after: str, limit: int) -> tuple[list[Contact], bool]:
        """Part `segment` of a parallel scan, from behind the contact `after` ("" at the start): about
        `limit` items in the scan's own order, and whether the part is done. An id is visited at most once.
        """
        ...


class Consents(Protocol):
    """The history of each contact's consent. It goes with the contact."""

    def add(self, consent: Consent) -> bool:
        """If absent; True also where this very entry stands there."""
        ...

    def read(self, contact_id: str, consent_id: str) -> Consent | None:
        """Consistent."""
        ...

    def of_contact(self, contact_id: str) -> list[Consent]:
        """All of it, the oldest first. Consistent."""
        ...

    def forget(self, contact_id: str) -> None: ...


class Edits(Protocol):
    """The earlier changes of each contact, the newest of them. They go with the contact."""

    def keep(self, edits: Sequence[Kept]) -> None:
        """Any number, of any contacts, each at most once. Idempotent; each takes the place of one that is too old."""
        ...

    def of_contact(self, contact_id: str) -> list[Edit]:
        """The newest first. Consistent."""
        ...

    def forget(self, contact_id: str) -> None: ...


class Claims(Protocol):
    """Idempotency keys of calls with many contacts."""

    def create(self, claim: Claim) -> bool: ...
    def read(self, claim_id: str) -> Claim | None:
        """Consistent. One that has expired may still be there."""
        ...

    def update(self, claim: Claim, expected_version: int) -> bool: ...
