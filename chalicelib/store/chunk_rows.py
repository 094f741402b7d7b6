"""A chunk's row: at most one write unit (1 KB) for fifty recipients, and during a call too.

Ids are packed (10 bytes each), fates are a letter each; a call's members are the bits of a number.
"""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.model import ids
from chalicelib.model.chunk import Call, Chunk
from chalicelib.model.transport_setup import SES
from chalicelib.store.document import Document
from chalicelib.store.row import Item, RangeRow, name

CHUNKS = "chunks"
DIGITS = 8

# attempt, began at, how long the lease is, members as bits in hexadecimal; the transport where it is not `ses`
PackedCall = tuple[str | int, ...]


class ChunkRow(RangeRow):
    """pk: workspace#broadcast id#walker; sk: the chunk's number in eight digits."""

    v = NumberAttribute()
    contacts = BinaryAttribute(legacy_encoding=False, attr_name="c")
    fates = UnicodeAttribute(attr_name="s")
    family = UnicodeAttribute(attr_name="y")
    calls = UnicodeAttribute(attr_name="k", null=True)
    tries = NumberAttribute(attr_name="t", default=0)
    choices = UnicodeAttribute(attr_name="m", null=True)
    due_at = NumberAttribute(attr_name="d", null=True)
    segments = UnicodeAttribute(attr_name="g", null=True)
    domains = UnicodeAttribute(attr_name="h", null=True)
    called_at = NumberAttribute(attr_name="l", null=True)


_CALLS = Document(tuple[PackedCall, ...])


def chunk_place(workspace: str, broadcast_id: str, walker: int) -> str:
    return name(workspace, broadcast_id, str(walker))


def chunk_number(number: int) -> str:
    return f"{number:0{DIGITS}d}"


def chunk_row(workspace: str, chunk: Chunk) -> ChunkRow:
    return ChunkRow(
        chunk_place(workspace, chunk.broadcast, chunk.walker),
        chunk_number(chunk.number),
        v=chunk.version,
        contacts=ids.pack(chunk.contacts),
        fates=chunk.fates,
        family=chunk.family,
        calls=_CALLS.text(tuple(map(_packed, chunk.calls))) if chunk.calls else None,
        tries=chunk.tries,
        choices=chunk.choices or None,
        due_at=chunk.due_at or None,
        segments=chunk.segments or None,
        domains=chunk.domains or None,
        called_at=chunk.called_at or None,
    )


def chunk_of(item: Item) -> Chunk:
    row = ChunkRow.of(item)
    _, broadcast, walker = row.pk.split("#")
    return Chunk(
        broadcast,
        row.family,
        int(walker),
        int(row.sk),
        ids.unpack(row.contacts),
        row.fates,
        version=int(row.v),
        calls=tuple(map(_unpacked, _CALLS.thing(row.calls))) if row.calls else (),
        tries=int(row.tries),
        choices=row.choices or "",
        due_at=int(row.due_at or 0),
        segments=row.segments or "",
        domains=row.domains or "",
        called_at=int(row.called_at or 0),
    )


def _packed(call: Call) -> PackedCall:
    bits = sum(1 << position for position in call.members)
    named = () if call.transport == SES else (call.transport,)
    return call.attempt, call.began_at, call.lease_until - call.began_at, f"{bits:x}", *named


def _unpacked(packed: PackedCall) -> Call:
    attempt, began_at, lease, bits, *named = packed
    mask = int(str(bits), 16)
    members = tuple(position for position in range(mask.bit_length()) if mask >> position & 1)
    transport = str(named[0]) if named else SES
    return Call(str(attempt), int(began_at), int(began_at) + int(lease), members, transport)
