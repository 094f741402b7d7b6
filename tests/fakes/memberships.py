"""Whom live segments have found, in memory: beside the lists' members, by roster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.model.filling import Belonging
from chalicelib.model.segment import Segment
from tests.fakes.tables import Tables


@dataclass
class FakeMemberships:
    tables: Tables

    def standing(self, wanted: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        members = self.tables.members
        return {(roster, each) for roster, ids in wanted.items() for each in ids if each in members.get(roster, ())}

    def settle(self, segment: Segment, belongings: Sequence[Belonging]) -> int:
        stored = self.tables.segments.get(segment.id)
        if stored is None or stored.generation != segment.generation:
            return 0
        return sum(self._settled(segment, each) for each in belongings)

    def passed(self, segment: Segment, at: int) -> bool:
        stored = self.tables.segments.get(segment.id)
        if stored is None or stored.generation != segment.generation:
            return False
        size = len(self.tables.members.get(segment.roster, ()))
        kept = replace(stored, passed_at=at, kept_since=stored.kept_since or at, size=size)
        self.tables.segments[segment.id] = kept
        return True

    def drop(self, roster: str, limit: int) -> int:
        members = self.tables.members.get(roster, set())
        gone = sorted(members)[:limit]
        members.difference_update(gone)
        return len(gone)

    def _settled(self, segment: Segment, belonging: Belonging) -> int:
        contact = self.tables.contacts.get(belonging.contact)
        members = self.tables.members.setdefault(segment.roster, set())
        if (contact.version if contact else 0) != belonging.version:
            return 0
        if (belonging.contact in members) is belonging.belongs:
            return 0
        (members.add if belonging.belongs else members.discard)(belonging.contact)
        stored = self.tables.segments[segment.id]
        if stored.is_kept:
            self.tables.segments[segment.id] = replace(stored, size=len(members))
        return 1


@dataclass
class FakeSegmentSizes:
    tables: Tables

    def put(self, segment_id: str, day: date, size: int) -> None:
        self.tables.segment_sizes[segment_id, day] = size

    def since(self, segment_id: str, day: date, limit: int) -> list[tuple[date, int]]:
        rows = self.tables.segment_sizes.items()
        return sorted((at, size) for (each, at), size in rows if each == segment_id and at >= day)[:limit]
