"""Chunks: table `chunks`, the journal of sending."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import Chunk
from chalicelib.store import action
from chalicelib.store.broadcast_rows import BROADCAST, BROADCASTS, broadcast_of
from chalicelib.store.chunk_rows import CHUNKS, ChunkRow, chunk_number, chunk_of, chunk_place, chunk_row
from chalicelib.store.connection import Connection
from chalicelib.store.reading import Range, query, read, read_many
from chalicelib.store.row import key, name
from chalicelib.store.writing import won


class ChunksStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(CHUNKS)
        self._broadcasts = connection.table(BROADCASTS)

    def with_broadcast(self, broadcast_id: str, walker: int, number: int) -> tuple[Broadcast | None, Chunk | None]:
        place = key(chunk_place(self._workspace, broadcast_id, walker), chunk_number(number))
        of_it = key(name(self._workspace, broadcast_id), BROADCAST)
        found = read_many(self._connection, {self._table: [place], self._broadcasts: [of_it]})
        broadcast, chunk = found[self._broadcasts], found[self._table]
        return (broadcast_of(broadcast[0]) if broadcast else None), (chunk_of(chunk[0]) if chunk else None)

    def read(self, broadcast_id: str, walker: int, number: int) -> Chunk | None:
        place = key(chunk_place(self._workspace, broadcast_id, walker), chunk_number(number))
        item = read(self._connection, self._table, place)
        return None if item is None else chunk_of(item)

    def write(self, chunk: Chunk) -> bool:
        row = chunk_row(self._workspace, chunk)
        return won(self._connection, action.put(self._table, row, ChunkRow.v == chunk.version - 1))

    def between(self, broadcast_id: str, walker: int, first: int, end: int) -> Iterator[Chunk]:
        if end <= first:
            return
        place = chunk_place(self._workspace, broadcast_id, walker)
        numbers = ChunkRow.sk.between(chunk_number(first), chunk_number(end - 1))
        for item in query(self._connection, Range(self._table, (ChunkRow.pk == place) & numbers)):
            yield chunk_of(item)
