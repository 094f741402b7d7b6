"""What all rows share: the format's number, and the way into DynamoDB's own JSON and back."""

from __future__ import annotations

from typing import Any, Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

FORMAT = 1

# An item as DynamoDB's own JSON: {"pk": {"S": "..."}}.
Item = dict[str, dict[str, Any]]
Key = dict[str, dict[str, Any]]


class Row(Model):
    """A row of some table: its attributes are declared, pynamodb serialises them, `table.py` sends them.

    `f` is the format it was written in. This version reads format 1; a later one reads its own and the one before.
    """

    f = NumberAttribute(default=FORMAT)

    @classmethod
    def of(cls, item: Item) -> Self:
        """The row behind an item; ValueError for a format of the future."""
        return cls.from_raw_data(cls.readable(item))

    @classmethod
    def readable(cls, item: Item) -> Item:
        """The item itself, its format looked at, for rows that are read by the hundred: no object is made."""
        written = int(item["f"]["N"])
        if written != FORMAT:
            raise ValueError(f"A row of {cls.__name__} has format {written}; this version of Envoi reads {FORMAT}.")
        return item

    def item(self) -> Item:
        return self.serialize()


class HashRow(Row):
    """Keyed by `pk` alone."""

    pk = UnicodeAttribute(hash_key=True)


class RangeRow(Row):
    """Keyed by `pk` and, in order, `sk`."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


def key(pk: str, sk: str | None = None) -> Key:
    return {"pk": {"S": pk}} if sk is None else {"pk": {"S": pk}, "sk": {"S": sk}}


def name(*parts: str) -> str:
    """The parts of a key, put together. The first is the workspace; none of them holds a `#` of its own
    but perhaps the last.
    """
    if any("#" in part for part in parts[:-1]):
        raise ValueError(f"no part of a key but the last may hold a #: {parts}")
    return "#".join(parts)
