"""What keeps segments and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from chalicelib.model.contact import Contact
from chalicelib.model.filling import Belonging
from chalicelib.model.segment import Segment


class Segments(Protocol):
    def create(self, segment: Segment) -> bool: ...
    def read(self, segment_id: str) -> Segment | None: ...
    def read_many(self, segment_ids: Sequence[str]) -> dict[str, Segment]: ...
    def update(self, segment: Segment, expected_version: int, *, emptied: bool = False) -> bool:
        """The size, and what passes wrote, stay as they are; with `emptied` they begin anew, for another filter."""
        ...

    def delete(self, segment_id: str, expected_version: int) -> bool: ...
    def page(self, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]: ...

    def add_member(self, segment_id: str, contact: Contact) -> bool:
        """Member row, the contact's `lists` and the list's size in one transaction, conditional on the contact's
        version. True also where it was a member already.
        """
        ...

    def remove_member(self, segment_id: str, contact: Contact) -> bool: ...

    def add_members(self, segment_id: str, contact_ids: Sequence[str]) -> None:
        """Member rows alone, in batches and idempotent: for an import, whose contacts already carry the list."""
        ...

    def members(self, segment_id: str, after: str, limit: int) -> list[str]:
        """Members in id order behind `after`; fewer than `limit` only at the end."""
        ...

    def recount(self, segment_id: str) -> int:
        """Counts a list's members and stores the size."""
        ...


class Memberships(Protocol):
    """Whom live segments have found, in rows beside those of the lists' members."""

    def standing(self, wanted: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        """Of these contacts by roster, those that have a row: pairs of roster and contact. Consistent."""
        ...

    def settle(self, segment: Segment, belongings: Sequence[Belonging]) -> int:
        """Sets rows and size right; how many rows it changed. Each conditional on the contact's version, and on
        there being something to change; all on the segment's generation. Any number.
        """
        ...

    def passed(self, segment: Segment, at: int) -> bool:
        """All contacts were judged (epoch ms). False where its filter is another one by now."""
        ...

    def drop(self, roster: str, limit: int) -> int:
        """Deletes up to `limit` rows of a roster that nobody reads any more; how many there were."""
        ...


class SegmentSizes(Protocol):
    """How large segments were, day by day."""

    def put(self, segment_id: str, day: date, size: int) -> None: ...

    def since(self, segment_id: str, day: date, limit: int) -> list[tuple[date, int]]:
        """The earliest first."""
        ...
