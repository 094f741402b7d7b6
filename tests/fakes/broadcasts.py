"""Broadcasts, their walks, chunks, open list and locks in memory. Every write is all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.broadcast import Broadcast, Walk, recent
from chalicelib.model.cap import Recent
from chalicelib.model.chunk import Chunk
from tests.fakes.tables import Tables, paged, put_new, put_over


@dataclass
class FakeBroadcasts:
    tables: Tables

    def create(self, broadcast: Broadcast) -> bool:
        if not put_new(self.tables.broadcasts, broadcast.id, broadcast):
            return False
        self.tables.open_broadcasts.add(broadcast.id)
        return True

    def read(self, broadcast_id: str) -> Broadcast | None:
        return self.tables.broadcasts.get(broadcast_id)

    def start(self, broadcast: Broadcast, walks: Sequence[Walk]) -> bool:
        stored = self.tables.broadcasts.get(broadcast.id)
        if stored == broadcast:
            return True
        if self.tables.locks.get(broadcast.family, broadcast.id) != broadcast.id:
            return False
        if not put_over(self.tables.broadcasts, broadcast.id, broadcast, broadcast.version - 1):
            return False
        self.tables.locks[broadcast.family] = broadcast.id
        self.tables.walks.update({(broadcast.id, walk.number): walk for walk in walks})
        return True

    def lock_holder(self, family: str) -> str | None:
        return self.tables.locks.get(family)

    def update(self, broadcast: Broadcast, expected_version: int) -> bool:
        return put_over(self.tables.broadcasts, broadcast.id, broadcast, expected_version)

    def close(self, broadcast: Broadcast, expected_version: int) -> bool:
        assert broadcast.closed
        if not self.update(broadcast, expected_version):
            return False
        self.tables.open_broadcasts.discard(broadcast.id)
        if self.tables.locks.get(broadcast.family) == broadcast.id:
            del self.tables.locks[broadcast.family]
        return True

    def open(self) -> list[str]:
        return sorted(self.tables.open_broadcasts)

    def recent(self, since: int) -> list[Recent]:
        begun = [recent(each) for each in self.tables.broadcasts.values() if each.started_at is not None]
        return [each for each in begun if each.last >= since]

    def of_email(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        mine = [each for each in self.tables.broadcasts.values() if each.email == email_id]
        return paged(sorted(mine, key=lambda each: (-each.created_at, each.id)), limit, cursor)

    def latest(self, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        return paged(
            sorted(self.tables.broadcasts.values(), key=lambda each: (-each.created_at, each.id)), limit, cursor
        )

    def walks(self, broadcast_id: str) -> list[Walk]:
        return [walk for (each, _), walk in sorted(self.tables.walks.items()) if each == broadcast_id]

    def update_walk(self, broadcast_id: str, walk: Walk, expected_version: int) -> bool:
        return put_over(self.tables.walks, (broadcast_id, walk.number), walk, expected_version)

    def commit_page(self, broadcast: Broadcast, walk: Walk, expected_version: int, chunks: Sequence[Chunk]) -> bool:
        assert len(chunks) <= 98, "a transaction of 100 items"
        stored = self.tables.walks.get((broadcast.id, walk.number))
        if stored is None or not self._planning(broadcast.id) or stored.version != expected_version:
            return stored is not None and bool(walk.page) and stored.page == walk.page
        new = {(each.broadcast, each.walker, each.number): each for each in chunks}
        if new.keys() & self.tables.chunks.keys():
            return False
        self.tables.chunks.update(new)
        self.tables.walks[broadcast.id, walk.number] = walk
        return True

    def _planning(self, broadcast_id: str) -> bool:
        stored = self.tables.broadcasts.get(broadcast_id)
        return stored is not None and stored.state == "planning"


@dataclass
class FakeChunks:
    tables: Tables

    def with_broadcast(self, broadcast_id: str, walker: int, number: int) -> tuple[Broadcast | None, Chunk | None]:
        return self.tables.broadcasts.get(broadcast_id), self.read(broadcast_id, walker, number)

    def read(self, broadcast_id: str, walker: int, number: int) -> Chunk | None:
        return self.tables.chunks.get((broadcast_id, walker, number))

    def write(self, chunk: Chunk) -> bool:
        key = (chunk.broadcast, chunk.walker, chunk.number)
        return put_over(self.tables.chunks, key, chunk, chunk.version - 1)

    def between(self, broadcast_id: str, walker: int, first: int, end: int) -> list[Chunk]:
        rows = self.tables.chunks
        keys = ((broadcast_id, walker, number) for number in range(first, end))
        return [rows[key] for key in keys if key in rows]
