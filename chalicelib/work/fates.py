"""What became of each recipient of a broadcast: page by page, a page never reading more than so many chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.chunk import HELD, NO_CHOICE, Chunk
from chalicelib.model.contact import Contact
from chalicelib.model.fate import MISSED, Fated, Place, fates_of, letters_of, place_of
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import broadcasting
from chalicelib.work.world import World

# 10,000 recipients, 200 KB: a page without anybody in it says where the next begins.
CHUNKS_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A recipient, and what is known of them: no contact where it was deleted, no row where nothing was final."""

    fated: Fated
    email: str
    contact: Contact | None
    row: Message | None

    @property
    def reason(self) -> str:
        return self.fated.skip or (self.row.reason if self.row else "")


def missed(world: World, broadcast_id: str, limit: int, cursor: str | None) -> tuple[list[Known], str | None]:
    """Who did not get it and will not by itself, and why. Raises NotFound, Invalid."""
    return _page(world, broadcast_id, MISSED, limit, cursor)


def held(world: World, broadcast_id: str, limit: int, cursor: str | None) -> tuple[list[Known], str | None]:
    return _page(world, broadcast_id, frozenset(HELD), limit, cursor)


def recipients(
    world: World, broadcast_id: str, fate: str | None, limit: int, cursor: str | None
) -> tuple[list[Known], str | None]:
    """Everybody planned, or those of one fate (`model/fate.py`) or reason to skip."""
    return _page(world, broadcast_id, None if fate is None else letters_of(fate), limit, cursor)


def chunks_from(world: World, walks: Sequence[Walk], broadcast_id: str, place: Place) -> Iterator[Chunk]:
    """Every planned chunk from this place on, walk by walk."""
    for walk in walks:
        if walk.number >= place.walker:
            first = place.number if walk.number == place.walker else 0
            yield from world.chunks.between(broadcast_id, walk.number, first, walk.chunks)


def known(world: World, broadcast: Broadcast, fated: Sequence[Fated]) -> list[Known]:
    """With contacts and rows, in two batch reads."""
    contacts = world.contacts.read_many([each.message.contact for each in fated])
    rows = world.messages.read_many([each.message for each in fated])
    return [_known(broadcast, each, contacts, rows) for each in fated]


def _page(
    world: World, broadcast_id: str, letters: frozenset[str] | None, limit: int, cursor: str | None
) -> tuple[list[Known], str | None]:
    place = place_of(cursor)
    broadcast = broadcasting.read(world, broadcast_id)
    found: list[Fated] = []
    chunks = chunks_from(world, world.broadcasts.walks(broadcast_id), broadcast_id, place)
    for chunk in islice(chunks, CHUNKS_A_PAGE):
        first = place.position if (chunk.walker, chunk.number) == (place.walker, place.number) else 0
        fated = fates_of(chunk, cancelled=broadcast.state == "cancelled", first=first)
        found += [each for each in fated if letters is None or each.letter in letters]
        if len(found) > limit:
            return known(world, broadcast, found[:limit]), str(found[limit].place)
    following = next(chunks, None)
    return known(world, broadcast, found), str(Place(following.walker, following.number)) if following else None


def _known(
    broadcast: Broadcast, fated: Fated, contacts: Mapping[str, Contact], rows: Mapping[MessageKey, Message]
) -> Known:
    row = rows.get(fated.message)
    mine = row if row is not None and row.broadcast == broadcast.id else None
    member = broadcast.member(fated.choice or NO_CHOICE)
    return Known(fated, member.email, contacts.get(fated.message.contact), mine)
