"""Contacts by the beginning of an address or a name: three indexes of the table `contacts`, keys alone.

An index is DynamoDB's own: it follows each write of a contact by itself, a moment later, and costs a write unit where
its key changes and nothing where it stays. Its keys are spread over partitions by their first letter, and those of a
letter over four by the contact's id, because an import may come in the order of addresses; a search reads the four side
by side.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib.model.contact import Contact
from chalicelib.model.searching import SEARCH_KINDS, found_by
from chalicelib.store.connection import Connection
from chalicelib.store.contact_rows import CONTACTS, FOUND_BY, SEARCH_SHARDS, SEPARATOR, search_place
from chalicelib.store.cursor import cursor_of, place_of
from chalicelib.store.reading import Range, query, side_by_side
from chalicelib.store.row import Item

# How often a page is filled up again where a find is shown under another kind already, before it ends short.
ROUNDS = 5
# What a request reads of one partition at least.
LEAST_STEP = 8
LAST = chr(0x10FFFF)
_PLACE = re.compile(r"[0-9] .*", re.DOTALL)

Read = Callable[[Sequence[str]], Mapping[str, Contact]]


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a key of one of SEARCH_KINDS; "" stands before all of them."""

    kind: int = 0
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


def search(
    connection: Connection, workspace: str, read: Read, start: str, limit: int, cursor: str | None
) -> tuple[list[Contact], str | None]:
    """Those found by address first, then by name, then by surname, each once. `read` gives contacts by their ids."""
    place = _place(cursor)
    shown: list[tuple[Place, Contact]] = []
    for _ in range(ROUNDS):
        if place.kind == len(SEARCH_KINDS) or len(shown) > limit:
            break
        wanted = limit + 1 - len(shown)
        keys = list(islice(_keys(connection, workspace, place, start, wanted), wanted))
        shown += _standing(read, place.kind, start, keys)
        place = Place(place.kind, keys[-1]) if len(keys) == wanted else Place(place.kind + 1)
    page = [contact for _, contact in shown[:limit]]
    if len(shown) > limit:
        return page, cursor_of(str(shown[limit - 1][0]))
    return page, cursor_of(str(place)) if place.kind < len(SEARCH_KINDS) else None


def _standing(read: Read, kind: int, start: str, keys: Sequence[str]) -> Iterator[tuple[Place, Contact]]:
    """Contacts as they are now: an index is a moment late."""
    ids = {key: key.rpartition(SEPARATOR)[2] for key in keys}
    contacts = read(list(ids.values()))
    for key, identifier in ids.items():
        contact = contacts.get(identifier)
        if contact is not None and found_by(contact, start) == SEARCH_KINDS[kind]:
            yield Place(kind, key), contact


def _keys(connection: Connection, workspace: str, after: Place, start: str, wanted: int) -> Iterator[str]:
    """Keys behind the place, in order, of the partitions of their first letter."""
    partition, attribute = FOUND_BY[SEARCH_KINDS[after.kind]]
    # a key is followed at once by nothing but itself: between it and a blank behind it there is none
    first = f"{after.key} " if after.key else start
    step = max(LEAST_STEP, wanted // 2)
    index = f"by_{SEARCH_KINDS[after.kind]}"

    def read(shard: int) -> Iterator[Item]:
        where = (partition == search_place(workspace, shard, start)) & attribute.between(first, f"{start}{LAST}")
        wished = Range(connection.table(CONTACTS), where, step=step, index=index, consistent=False)
        return query(connection, wished)

    parts = side_by_side([read(shard) for shard in range(SEARCH_SHARDS)])
    return heapq.merge(*((item[attribute.attr_name]["S"] for item in part) for part in parts))


def _place(cursor: str | None) -> Place:
    if not cursor:
        return Place()
    kind, _, key = place_of(cursor, _PLACE).partition(" ")
    return Place(int(kind), key) if int(kind) < len(SEARCH_KINDS) else Place(len(SEARCH_KINDS))
