"""Segments and the members of static lists in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.model.contact import Contact
from chalicelib.model.segment import Segment
from tests.fakes.tables import Tables, drop, paged, put_new


@dataclass
class FakeSegments:
    tables: Tables

    def create(self, segment: Segment) -> bool:
        return put_new(self.tables.segments, segment.id, segment)

    def read(self, segment_id: str) -> Segment | None:
        return self.tables.segments.get(segment_id)

    def read_many(self, segment_ids: Sequence[str]) -> dict[str, Segment]:
        rows = self.tables.segments
        return {each: rows[each] for each in segment_ids if each in rows}

    def update(self, segment: Segment, expected_version: int, *, emptied: bool = False) -> bool:
        """The size and what passes wrote are their own: an update sets them for another filter alone."""
        stored = self.tables.segments.get(segment.id)
        if stored is None:
            return False
        kept = (None, 0, 0) if emptied else (stored.size, stored.kept_since, stored.passed_at)
        segment = replace(segment, size=kept[0], kept_since=kept[1], passed_at=kept[2])
        if stored.version != expected_version:
            return stored == segment
        self.tables.segments[segment.id] = segment
        return True

    def delete(self, segment_id: str, expected_version: int) -> bool:
        if not drop(self.tables.segments, segment_id, expected_version):
            return False
        self.tables.members.pop(segment_id, None)
        return True

    def page(self, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]:
        rows = self.tables.segments
        return paged([rows[each] for each in sorted(rows)], limit, cursor)

    def add_member(self, segment_id: str, contact: Contact) -> bool:
        members = self.tables.members.setdefault(segment_id, set())
        if contact.id in members:
            return True
        if not self._fresh(segment_id, contact):
            return False
        members.add(contact.id)
        self._carry(contact, contact.lists | {segment_id})
        self._resize(segment_id, 1)
        return True

    def remove_member(self, segment_id: str, contact: Contact) -> bool:
        members = self.tables.members.setdefault(segment_id, set())
        if contact.id not in members:
            return True
        if not self._fresh(segment_id, contact):
            return False
        members.discard(contact.id)
        self._carry(contact, contact.lists - {segment_id})
        self._resize(segment_id, -1)
        return True

    def add_members(self, segment_id: str, contact_ids: Sequence[str]) -> None:
        self.tables.members.setdefault(segment_id, set()).update(contact_ids)

    def members(self, segment_id: str, after: str, limit: int) -> list[str]:
        members = self.tables.members.get(segment_id, set())
        return sorted(each for each in members if each > after)[:limit]

    def recount(self, segment_id: str) -> int:
        size = len(self.tables.members.get(segment_id, ()))
        if segment_id in self.tables.segments:
            self.tables.segments[segment_id] = replace(self.tables.segments[segment_id], size=size)
        return size

    def _fresh(self, segment_id: str, contact: Contact) -> bool:
        stored = self.tables.contacts.get(contact.id)
        return segment_id in self.tables.segments and stored is not None and stored.version == contact.version

    def _carry(self, contact: Contact, lists: frozenset[str]) -> None:
        self.tables.contacts[contact.id] = replace(contact, lists=lists, version=contact.version + 1)

    def _resize(self, segment_id: str, by: int) -> None:
        segment = self.tables.segments[segment_id]
        self.tables.segments[segment_id] = replace(segment, size=(segment.size or 0) + by)
