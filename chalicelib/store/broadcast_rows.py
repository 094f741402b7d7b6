"""The rows around a broadcast: itself, its walks, its places in lists, and the lock of its family."""

from __future__ import annotations

import re

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.cap import Recent
from chalicelib.model.ids import ID
from chalicelib.store.document import Document
from chalicelib.store.row import Item, RangeRow, name

BROADCASTS = "broadcasts"
BROADCAST = "broadcast"
OPEN = "open"
LATEST = "latest"
CLOSED = "closed"
LOCK = "lock"
# Later than any moment in milliseconds: what is left until then sorts the newest first.
LAST_MOMENT = 10**15 - 1


class BroadcastRow(RangeRow):
    """pk: workspace#broadcast id; sk: `broadcast`. `state` is there for conditions."""

    v = NumberAttribute()
    state = UnicodeAttribute()
    doc = UnicodeAttribute()


class WalkRow(RangeRow):
    """pk: workspace#broadcast id; sk: `walk#` and the number in three digits."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


class PointerRow(RangeRow):
    """pk: workspace#open, sk: broadcast id; or pk: workspace#email#e-mail id or workspace#latest, sk: see
    `email_place`.
    """

    broadcast = UnicodeAttribute()


class ClosedRow(RangeRow):
    """pk: workspace#closed; sk: when it ended, in fifteen digits, # and the broadcast's id."""

    family = UnicodeAttribute()
    category = UnicodeAttribute()


class LockRow(RangeRow):
    """pk: workspace#family#family; sk: `lock`."""

    holder = UnicodeAttribute()


_BROADCAST = Document(Broadcast)
_WALK = Document(Walk)


def broadcast_row(workspace: str, broadcast: Broadcast) -> BroadcastRow:
    pk = name(workspace, broadcast.id)
    return BroadcastRow(pk, BROADCAST, v=broadcast.version, state=broadcast.state, doc=_BROADCAST.text(broadcast))


def broadcast_of(item: Item) -> Broadcast:
    return _BROADCAST.thing(BroadcastRow.of(item).doc)


def walk_row(workspace: str, broadcast_id: str, walk: Walk) -> WalkRow:
    return WalkRow(name(workspace, broadcast_id), f"walk#{walk.number:03d}", v=walk.version, doc=_WALK.text(walk))


def walk_of(item: Item) -> Walk:
    return _WALK.thing(WalkRow.of(item).doc)


EMAIL_PLACE = re.compile(rf"[0-9]{{15}}#{ID.pattern}")


def email_place(broadcast: Broadcast) -> str:
    """The newest first, those of one moment by id."""
    return f"{LAST_MOMENT - broadcast.created_at:015d}#{broadcast.id}"


def closed_row(workspace: str, broadcast: Broadcast) -> ClosedRow:
    place = f"{closed_since(broadcast.ended_at or 0)}#{broadcast.id}"
    return ClosedRow(name(workspace, CLOSED), place, family=broadcast.family, category=broadcast.category)


def closed_since(at: int) -> str:
    return f"{at:015d}"


def recent_of(item: Item) -> Recent:
    row = ClosedRow.of(item)
    return Recent(row.family, row.category, int(row.sk.partition("#")[0]))
