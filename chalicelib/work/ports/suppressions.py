"""What keeps those that nobody writes to any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chalicelib.model.address_record import AddressRecord
from chalicelib.model.suppression import Reason, Suppression
from chalicelib.model.suppression_sync import ListedPage


class Suppressions(Protocol):
    def put(self, suppression: Suppression) -> None:
        """Puts it unless a stronger reason stands there already (`model.suppression.overrides`)."""
        ...

    def read(self, address_hash: str) -> Suppression | None: ...

    def read_many(self, address_hashes: Sequence[str]) -> dict[str, Suppression]: ...

    def remove(self, address_hash: str, reason: str) -> bool:
        """Removes it if it has this reason (a person's undo never lifts a bounce)."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Suppression], str | None]:
        """In nobody's order; without what lies beneath another."""
        ...

    def record(self, address_hash: str) -> AddressRecord:
        """Version 0 and empty where nothing is stored. Consistent."""
        ...

    def write_record(self, record: AddressRecord, expected_version: int) -> bool:
        """Conditional on the version (0: nothing is stored)."""
        ...


class AccountList(Protocol):
    """The provider's own suppression list, for the whole account."""

    def listed(self, since: int, token: str) -> ListedPage:
        """A page of what was put there since (epoch ms); "" asks for the first."""
        ...

    def put(self, address: str, reason: Reason) -> bool:
        """Bounced or complained. False where the provider did not take it: our own list holds all the same."""
        ...

    def remove(self, address: str) -> bool:
        """Whether it is off the list now."""
        ...
