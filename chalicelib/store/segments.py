"""Segments and the members of static lists: table `segments`.

A list's members are spread over 16 partitions by the first four bits of their ids, so that no partition is hot and
the partitions, one after the other, give the members in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from chalicelib.model.contact import Contact
from chalicelib.model.ids import ID, SHARDS, shard_of
from chalicelib.model.segment import Segment
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.batch import delete_all, put_all
from chalicelib.store.connection import Connection
from chalicelib.store.contact_rows import AT_VERSION, CONTACTS, contact_item
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, number_of, query, read, read_many
from chalicelib.store.row import Item, Key, RangeRow, key, name
from chalicelib.store.writing import deleted, transact, won, write

# Members that go with their list at once; what is left of a larger list is ids alone, which nothing reads any more.
MOST_DELETED = 10_000
STEP = 1_000


class SegmentRow(RangeRow):
    """pk: workspace; sk: segment id. `size` and what a pass over a live segment writes stand by themselves: the
    segment's updates do not change them, unless its filter is another one (`generation`): then nobody has been found.
    """

    v = NumberAttribute()
    doc = UnicodeAttribute()
    size = NumberAttribute(null=True)
    generation = NumberAttribute(attr_name="g", null=True)
    kept_since = NumberAttribute(attr_name="ks", null=True)
    passed_at = NumberAttribute(attr_name="pa", null=True)


class MemberRow(RangeRow):
    """pk: workspace#roster#shard (one hex digit); sk: contact id. The roster of a list is its id. `judged` is the
    contact's version that a live filter found.
    """

    judged = NumberAttribute(attr_name="cv", null=True)


_DOCUMENT = Document(Segment)


class SegmentsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table("segments")
        self._contacts = connection.table(CONTACTS)

    def create(self, segment: Segment) -> bool:
        row = SegmentRow(self._workspace, segment.id, v=segment.version, doc=_text(segment), size=segment.size)
        row.generation = segment.generation
        return won(self._connection, action.put(self._table, row, SegmentRow.pk.does_not_exist()))

    def read(self, segment_id: str) -> Segment | None:
        item = read(self._connection, self._table, self._key(segment_id))
        return None if item is None else _segment_of(item)

    def read_many(self, segment_ids: Sequence[str]) -> dict[str, Segment]:
        keys = [self._key(each) for each in dict.fromkeys(segment_ids)]
        items = read_many(self._connection, {self._table: keys})[self._table]
        return {segment.id: segment for segment in map(_segment_of, items)}

    def update(self, segment: Segment, expected_version: int, *, emptied: bool = False) -> bool:
        text = _text(segment)
        changes: list[Change] = [SegmentRow.doc.set(text), SegmentRow.v.set(segment.version)]
        if emptied:
            changes += [SegmentRow.size.set(0), SegmentRow.generation.set(segment.generation)]
            changes += [SegmentRow.kept_since.remove(), SegmentRow.passed_at.remove()]
        unmet = write(self._connection, self._change(segment.id, changes, SegmentRow.v == expected_version))
        return unmet is None or unmet.found.get("doc") == {"S": text}

    def delete(self, segment_id: str, expected_version: int) -> bool:
        row = action.delete(self._table, self._key(segment_id), SegmentRow.v == expected_version)
        if not deleted(self._connection, row):
            return False
        keys = [self._member_key(segment_id, each) for each in self.members(segment_id, "", MOST_DELETED)]
        delete_all(self._connection, self._table, keys)
        return True

    def page(self, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]:
        where = SegmentRow.pk == self._workspace
        if cursor:
            where &= SegmentRow.sk > place_of(cursor, ID)
        items = query(self._connection, Range(self._table, where, step=limit + 1))
        segments = [_segment_of(item) for item in islice(items, limit + 1)]
        return cut(segments, limit, lambda segment: segment.id)

    def add_member(self, segment_id: str, contact: Contact) -> bool:
        row = MemberRow(self._shard(segment_id, shard_of(contact.id)), contact.id)
        put = action.put(self._table, row, MemberRow.pk.does_not_exist())
        return self._move(segment_id, put, contact, contact.lists | {segment_id}, 1)

    def remove_member(self, segment_id: str, contact: Contact) -> bool:
        place = self._member_key(segment_id, contact.id)
        delete = action.delete(self._table, place, MemberRow.pk.exists())
        return self._move(segment_id, delete, contact, contact.lists - {segment_id}, -1)

    def add_members(self, segment_id: str, contact_ids: Sequence[str]) -> None:
        ids = dict.fromkeys(contact_ids)
        items = [MemberRow.item_with(pk=self._shard(segment_id, shard_of(each)), sk=each) for each in ids]
        put_all(self._connection, self._table, items)

    def members(self, segment_id: str, after: str, limit: int) -> list[str]:
        return list(islice(self._members(segment_id, after, limit), limit))

    def recount(self, segment_id: str) -> int:
        shards = (MemberRow.pk == self._shard(segment_id, shard) for shard in range(SHARDS))
        size = sum(number_of(self._connection, Range(self._table, shard)) for shard in shards)
        write(self._connection, self._change(segment_id, [SegmentRow.size.set(size)], SegmentRow.pk.exists()))
        return size

    def _members(self, segment_id: str, after: str, limit: int) -> Iterator[str]:
        for shard in range(shard_of(after) if after else 0, SHARDS):
            where = MemberRow.pk == self._shard(segment_id, shard)
            if after:
                where &= MemberRow.sk > after
            for item in query(self._connection, Range(self._table, where, step=min(limit, STEP))):
                yield item["sk"]["S"]

    def _move(self, segment_id: str, member: Action, contact: Contact, lists: frozenset[str], by: int) -> bool:
        """On or off the list, in one transaction. True also where the member's row was as wished before."""
        carrying = replace(contact, lists=lists, version=contact.version + 1)
        actions = [
            member,
            action.put_item(self._contacts, contact_item(self._workspace, carrying), AT_VERSION(str(contact.version))),
            self._change(segment_id, [SegmentRow.size.add(by)], SegmentRow.pk.exists()),
        ]
        unmet = transact(self._connection, actions)
        return not unmet or 0 in unmet

    def _change(self, segment_id: str, changes: list[Change], condition: Condition) -> Action:
        return action.update(self._table, self._key(segment_id), changes, condition)

    def _key(self, segment_id: str) -> Key:
        return key(self._workspace, segment_id)

    def _member_key(self, segment_id: str, contact_id: str) -> Key:
        return key(self._shard(segment_id, shard_of(contact_id)), contact_id)

    def _shard(self, segment_id: str, shard: int) -> str:
        return name(self._workspace, segment_id, f"{shard:x}")


def _text(segment: Segment) -> str:
    return _DOCUMENT.text(replace(segment, size=None, kept_since=0, passed_at=0))


def _segment_of(item: Item) -> Segment:
    row = SegmentRow.of(item)
    kept_since, passed_at = int(row.kept_since or 0), int(row.passed_at or 0)
    segment = replace(_DOCUMENT.thing(row.doc), kept_since=kept_since, passed_at=passed_at)
    return replace(segment, size=int(row.size)) if row.size is not None and segment.is_kept else segment
