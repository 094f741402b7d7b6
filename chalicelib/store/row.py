"""What all rows share: the format's number, and the way into DynamoDB's own JSON and back."""

from __future__ import annotations

from functools import cache
from typing import Any, Self

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
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

    @classmethod
    def item_with(cls, **values: Any) -> Item:  # noqa: ANN401  # as the attributes take them
        """What `item` says of a row with these values, for rows that are written by the hundred: no object is made.
        None leaves an attribute out; whoever calls gives all that must be there.
        """
        attributes = _attributes(cls)
        given = ((attributes[name], value) for name, value in values.items() if value is not None)
        return _FORMAT | {each.attr_name: {each.attr_type: each.serialize(value)} for each, value in given}


_FORMAT: Item = {"f": {"N": str(FORMAT)}}


@cache
def _attributes(row: type[Row]) -> dict[str, Attribute[Any]]:
    return dict(row.get_attributes())


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
