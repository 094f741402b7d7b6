"""Members of live segments as rows beside those of lists: table `segments`, checked against table `contacts`.

A row is written only in one transaction with a check that the contact still stands at the version that was judged:
whoever judged an older one is refused, however late it comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from pynamodb.expressions.update import Action as Change

from chalicelib.model.filling import Belonging
from chalicelib.model.ids import shard_of
from chalicelib.model.segment import Segment
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.batch import delete_all
from chalicelib.store.connection import Connection
from chalicelib.store.contact_rows import CONTACTS, ContactRow
from chalicelib.store.reading import read_many
from chalicelib.store.row import Key, key, name
from chalicelib.store.segments import MemberRow, SegmentRow, SegmentsStore
from chalicelib.store.writing import transact, write

# Two actions a contact and one for the size, of a hundred.
AT_ONCE = 49


class MembershipsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table("segments")
        self._contacts = connection.table(CONTACTS)
        self._segments = SegmentsStore(connection, workspace)

    def standing(self, wanted: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        pairs = [(roster, each) for roster, ids in wanted.items() for each in dict.fromkeys(ids)]
        places = {(self._shard(*pair), pair[1]): pair for pair in pairs}
        keys = [key(*place) for place in places]
        items = read_many(self._connection, {self._table: keys})[self._table] if keys else []
        return {places[item["pk"]["S"], item["sk"]["S"]] for item in items}

    def settle(self, segment: Segment, belongings: Sequence[Belonging]) -> int:
        rest = iter({each.contact: each for each in belongings}.values())
        return sum(self._settled(segment, part) for part in _parts(rest))

    def passed(self, segment: Segment, at: int) -> bool:
        kept = SegmentRow.kept_since.set(SegmentRow.kept_since | at)
        changes: list[Change] = [SegmentRow.passed_at.set(at), kept]
        where = key(self._workspace, segment.id)
        passed = action.update(self._table, where, changes, SegmentRow.generation == segment.generation)
        return write(self._connection, passed) is None

    def drop(self, roster: str, limit: int) -> int:
        """Deletes up to `limit` rows of a roster that nobody reads any more; how many there were."""
        ids = self._segments.members(roster, "", limit)
        delete_all(self._connection, self._table, [key(self._shard(roster, each), each) for each in ids])
        return len(ids)

    def _settled(self, segment: Segment, part: list[Belonging]) -> int:
        """A transaction that is cancelled is cut again without those that stand in its way: they are set right
        already, or were changed since.
        """
        while part:
            actions = [each for belonging in part for each in self._actions(segment, belonging)]
            size = sum(1 if each.belongs else -1 for each in part)
            counted = action.update(
                self._table,
                key(self._workspace, segment.id),
                [SegmentRow.size.add(size)],
                SegmentRow.generation == segment.generation,
            )
            unmet = transact(self._connection, [*actions, counted])
            if not unmet:
                return len(part)
            if len(actions) in unmet:
                return 0
            part = [each for n, each in enumerate(part) if not unmet.keys() & {2 * n, 2 * n + 1}]
        return 0

    def _actions(self, segment: Segment, belonging: Belonging) -> tuple[Action, Action]:
        place = self._shard(segment.roster, belonging.contact), belonging.contact
        there = ContactRow.v == belonging.version if belonging.version else ContactRow.pk.does_not_exist()
        unchanged = action.check(self._contacts, self._contact_key(belonging.contact), there)
        if belonging.belongs:
            row = MemberRow(*place, judged=belonging.version)
            return unchanged, action.put(self._table, row, MemberRow.pk.does_not_exist())
        return unchanged, action.delete(self._table, key(*place), MemberRow.pk.exists())

    def _contact_key(self, contact_id: str) -> Key:
        return key(name(self._workspace, contact_id))

    def _shard(self, roster: str, contact_id: str) -> str:
        return name(self._workspace, roster, f"{shard_of(contact_id):x}")


def _parts(belongings: Iterator[Belonging]) -> Iterator[list[Belonging]]:
    while part := list(islice(belongings, AT_ONCE)):
        yield part
