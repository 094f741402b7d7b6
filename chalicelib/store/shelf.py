"""A shelf: the few things of one kind that a team keeps (owners, companies, definitions, assets). Table `library`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Generic, Protocol, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.ids import ID
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query, read, read_many
from chalicelib.store.row import Key, RangeRow, key, name
from chalicelib.store.writing import transact, transacted, won, write

LIBRARY = "library"


class ShelfRow(RangeRow):
    """pk: workspace#kind; sk: id."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


class Kept(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


T = TypeVar("T", bound=Kept)


class Shelf(Generic[T]):
    """`form` is what an id of this kind looks like."""

    def __init__(
        self, connection: Connection, workspace: str, kind: str, shape: type[T], form: re.Pattern[str] = ID
    ) -> None:
        self._connection = connection
        self._table = connection.table(LIBRARY)
        self._place = name(workspace, kind)
        self._document = Document(shape)
        self._form = form

    def create(self, thing: T) -> bool:
        return won(self._connection, action.put(self._table, self._row(thing), ShelfRow.pk.does_not_exist()))

    def read(self, thing_id: str) -> T | None:
        item = read(self._connection, self._table, self._key(thing_id))
        return None if item is None else self._document.thing(item["doc"]["S"])

    def read_many(self, ids: Sequence[str]) -> dict[str, T]:
        keys = [self._key(each) for each in dict.fromkeys(ids)]
        items = read_many(self._connection, {self._table: keys})[self._table]
        return {item["sk"]["S"]: self._document.thing(item["doc"]["S"]) for item in items}

    def update(self, thing: T, expected_version: int, beside: T | None = None) -> bool:
        put = action.put(self._table, self._row(thing), ShelfRow.v == expected_version)
        if beside is None:
            return won(self._connection, put)
        standing = self._standing(beside)
        return standing is not None and transacted(self._connection, [put, standing])

    def delete(self, thing_id: str, expected_version: int, beside: T | None = None) -> bool:
        gone = action.delete(self._table, self._key(thing_id), ShelfRow.v == expected_version)
        if beside is None:
            return write(self._connection, gone) is None
        standing = self._standing(beside)
        return standing is not None and not transact(self._connection, [gone, standing])

    def page(self, limit: int, cursor: str | None) -> tuple[list[T], str | None]:
        where = ShelfRow.pk == self._place
        if cursor:
            where &= ShelfRow.sk > place_of(cursor, self._form)
        items = query(self._connection, Range(self._table, where, step=limit + 1))
        things = [self._document.thing(item["doc"]["S"]) for item in islice(items, limit + 1)]
        return cut(things, limit, lambda thing: thing.id)

    def _standing(self, thing: T) -> Action | None:
        """That its row is still the very one; by its text, since one that was deleted and made anew may have the same
        version. None where it is another already.
        """
        item = read(self._connection, self._table, self._key(thing.id))
        if item is None or self._document.thing(item["doc"]["S"]) != thing:
            return None
        return action.check(self._table, self._key(thing.id), ShelfRow.doc == item["doc"]["S"])

    def _row(self, thing: T) -> ShelfRow:
        return ShelfRow(self._place, thing.id, v=thing.version, doc=self._document.text(thing))

    def _key(self, thing_id: str) -> Key:
        return key(self._place, thing_id)
