"""Broadcasts, their walks, the list of open ones and the families' locks: table `broadcasts`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pynamodb.expressions.condition import Condition

from chalicelib.model.broadcast import Broadcast, Walk, recent
from chalicelib.model.cap import Recent
from chalicelib.model.chunk import Chunk
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.broadcast_rows import (
    BROADCAST,
    BROADCASTS,
    CLOSED,
    EMAIL_PLACE,
    LATEST,
    LOCK,
    OPEN,
    BroadcastRow,
    ClosedRow,
    LockRow,
    PointerRow,
    WalkRow,
    broadcast_of,
    broadcast_row,
    closed_row,
    closed_since,
    email_place,
    recent_of,
    walk_of,
    walk_row,
)
from chalicelib.store.chunk_rows import CHUNKS, ChunkRow, chunk_row
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.reading import Range, query, read, read_many
from chalicelib.store.row import Key, key, name
from chalicelib.store.writing import transact, transacted, won


class BroadcastsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(BROADCASTS)
        self._chunks = connection.table(CHUNKS)

    def create(self, broadcast: Broadcast) -> bool:
        pointer = PointerRow(self._name("email", broadcast.email), email_place(broadcast), broadcast=broadcast.id)
        opened = PointerRow(self._name(OPEN), broadcast.id, broadcast=broadcast.id)
        actions = [
            self._put(broadcast, BroadcastRow.pk.does_not_exist()),
            action.put(self._table, opened),
            action.put(self._table, pointer),
            action.put(self._table, PointerRow(self._name(LATEST), email_place(broadcast), broadcast=broadcast.id)),
        ]
        return transacted(self._connection, actions)

    def read(self, broadcast_id: str) -> Broadcast | None:
        item = read(self._connection, self._table, self._key(broadcast_id))
        return None if item is None else broadcast_of(item)

    def start(self, broadcast: Broadcast, walks: Sequence[Walk]) -> bool:
        lock = LockRow(self._name("family", broadcast.family), LOCK, holder=broadcast.id)
        free = LockRow.pk.does_not_exist() | (LockRow.holder == broadcast.id)
        actions = [
            self._put(broadcast, BroadcastRow.v == broadcast.version - 1),
            action.put(self._table, lock, free),
            *(action.put(self._table, walk_row(self._workspace, broadcast.id, walk)) for walk in walks),
        ]
        return transacted(self._connection, actions)

    def lock_holder(self, family: str) -> str | None:
        item = read(self._connection, self._table, self._lock(family))
        return None if item is None else LockRow.of(item).holder

    def update(self, broadcast: Broadcast, expected_version: int) -> bool:
        return won(self._connection, self._put(broadcast, BroadcastRow.v == expected_version))

    def close(self, broadcast: Broadcast, expected_version: int) -> bool:
        actions = [
            self._put(broadcast, BroadcastRow.v == expected_version),
            action.delete(self._table, key(self._name(OPEN), broadcast.id)),
            action.delete(self._table, self._lock(broadcast.family), LockRow.holder == broadcast.id),
        ]
        if broadcast.started_at is not None:
            actions.append(action.put(self._table, closed_row(self._workspace, broadcast)))
        unmet = transact(self._connection, actions)
        if unmet.keys() == {2}:
            # the lock is another broadcast's, or nobody's: this one was never started
            return transacted(self._connection, [*actions[:2], *actions[3:]])
        return not unmet or unmet[0].is_ours

    def open(self) -> list[str]:
        items = query(self._connection, Range(self._table, PointerRow.pk == self._name(OPEN)))
        return [item["sk"]["S"] for item in items]

    def recent(self, since: int) -> list[Recent]:
        keys = [self._key(each) for each in self.open()]
        begun = map(broadcast_of, read_many(self._connection, {self._table: keys})[self._table])
        where = (ClosedRow.pk == self._name(CLOSED)) & (ClosedRow.sk >= closed_since(since))
        closed = query(self._connection, Range(self._table, where))
        return [*(recent(each) for each in begun if each.started_at is not None), *map(recent_of, closed)]

    def of_email(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        return self._listed(self._name("email", email_id), limit, cursor)

    def latest(self, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        return self._listed(self._name(LATEST), limit, cursor)

    def _listed(self, place: str, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        where = PointerRow.pk == place
        if cursor:
            where &= PointerRow.sk > place_of(cursor, EMAIL_PLACE)
        items = query(self._connection, Range(self._table, where, step=limit + 1))
        pointers = [PointerRow.of(item) for item in islice(items, limit + 1)]
        page, following = cut(pointers, limit, lambda pointer: pointer.sk)
        keys = [self._key(pointer.broadcast) for pointer in page]
        rows = read_many(self._connection, {self._table: keys})[self._table]
        found = {broadcast.id: broadcast for broadcast in map(broadcast_of, rows)}
        return [found[pointer.broadcast] for pointer in page if pointer.broadcast in found], following

    def walks(self, broadcast_id: str) -> list[Walk]:
        where = (WalkRow.pk == self._name(broadcast_id)) & WalkRow.sk.startswith("walk#")
        return [walk_of(item) for item in query(self._connection, Range(self._table, where))]

    def update_walk(self, broadcast_id: str, walk: Walk, expected_version: int) -> bool:
        return won(self._connection, self._put_walk(broadcast_id, walk, expected_version))

    def commit_page(self, broadcast: Broadcast, walk: Walk, expected_version: int, chunks: Sequence[Chunk]) -> bool:
        """Where the walk's row stands with this page, the page is ours, whatever was fed since."""
        rows = (chunk_row(self._workspace, chunk) for chunk in chunks)
        actions = [
            self._put_walk(broadcast.id, walk, expected_version),
            action.check(self._table, self._key(broadcast.id), BroadcastRow.state == "planning"),
            *(action.put(self._chunks, row, ChunkRow.pk.does_not_exist()) for row in rows),
        ]
        unmet = transact(self._connection, actions)
        return not unmet or (0 in unmet and bool(unmet[0].found) and walk_of(unmet[0].found).page == walk.page)

    def _put(self, broadcast: Broadcast, condition: Condition) -> Action:
        return action.put(self._table, broadcast_row(self._workspace, broadcast), condition)

    def _put_walk(self, broadcast_id: str, walk: Walk, expected_version: int) -> Action:
        row = walk_row(self._workspace, broadcast_id, walk)
        return action.put(self._table, row, WalkRow.v == expected_version)

    def _key(self, broadcast_id: str) -> Key:
        return key(self._name(broadcast_id), BROADCAST)

    def _lock(self, family: str) -> Key:
        return key(self._name("family", family), LOCK)

    def _name(self, *parts: str) -> str:
        return name(self._workspace, *parts)
