"""The walk over an audience that comes from earlier broadcasts: their chunks, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.model.chunk import FAILED, SENT, Chunk
from chalicelib.model.fate import Place, place_of
from chalicelib.model.message import MessageKey
from chalicelib.model.source import Source, is_failed, is_opened
from chalicelib.work.fates import chunks_from
from chalicelib.work.world import World


def taken(world: World, source: Source, cursor: str, most: int, reserve_ms: int) -> tuple[list[str], str, bool]:
    """Contacts behind this cursor ("" at the start), at most so many, the cursor behind them, and whether nobody is
    left. Stops early where the time is up.
    """
    contacts: list[str] = []
    for at, chunk in _chunks(world, source, cursor):
        chosen = _chosen(world, source, chunk)
        if len(contacts) + len(chosen) > most or world.time_left() < reserve_ms:
            return contacts, cursor, False
        contacts += chosen
        cursor = f"{at} {Place(chunk.walker, chunk.number + 1)}"
    return contacts, cursor, True


def _chunks(world: World, source: Source, cursor: str) -> Iterator[tuple[int, Chunk]]:
    first, _, text = cursor.partition(" ")
    begun = int(first or 0)
    for at, broadcast in enumerate(source.broadcasts[begun:], begun):
        place = place_of(text) if text and at == begun else Place()
        for chunk in chunks_from(world, world.broadcasts.walks(broadcast), broadcast, place):
            yield at, chunk


def _chosen(world: World, source: Source, chunk: Chunk) -> list[str]:
    letter = SENT if source.who == "unopened" else FAILED
    keys = [MessageKey(chunk.contacts[i], chunk.family) for i in chunk.at(letter)]
    if not keys:
        return []
    if source.who == "unopened":
        known = world.facts.read_many(keys)
        return [key.contact for key in keys if key not in known or not is_opened(known[key].facts)]
    rows, whatever = world.messages.read_many(keys), source.who == "all_failed"
    return [key.contact for key in keys if is_failed(rows.get(key), chunk.broadcast, whatever=whatever)]
