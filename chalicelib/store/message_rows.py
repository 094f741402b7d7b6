"""The rows of a contact's messages: table `messages`. Beside each of them stands its feedback (`feedback_rows.py`)."""

from __future__ import annotations

from typing import cast
from zlib import crc32

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.cohort import Cohort
from chalicelib.model.message import Message, MessageKey, State
from chalicelib.store.document import Document
from chalicelib.store.row import Item, Key, RangeRow, key, name

MESSAGES = "messages"
CLAIM = "claim"
OPEN_INDEX = "open"
OPEN_SHARDS = 16


class MessageRow(RangeRow):
    """pk: workspace#contact id; sk: family, and for a template e-mail #sending. One write unit for a broadcast's.

    `open` (workspace#shard) and `due_at` are there on open template messages alone: the index `open` (keys alone)
    holds those and no others. `doc` is all else, in one text: each attribute costs as much time as a text does.
    """

    v = NumberAttribute()
    state = UnicodeAttribute(attr_name="s")
    doc = UnicodeAttribute()
    open = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)


class Rest(msgspec.Struct, frozen=True, array_like=True):
    """What a message's row says beside its key, state and version: a JSON array, so that new things go to its end."""

    email: str
    revision: int
    attempt: str
    at: int
    broadcast: str
    provider_id: str
    reason: str = ""
    lease_until: int = 0
    tokens: tuple[tuple[str, str], ...] = ()
    body_hash: str = ""
    transport: str = "ses"
    of: str = ""
    kept: str = ""
    segment: str = ""
    domain: str = ""


class ClaimRow(RangeRow):
    """pk: workspace#claim#hash of the idempotency key; sk: `claim`. `message` is the id of the message it named."""

    message = UnicodeAttribute()


_REST = Document(Rest)


def message_place(workspace: str, message: MessageKey) -> Key:
    return key(name(workspace, message.contact), sort_key(message))


def key_of(item: Item) -> MessageKey:
    """The key of the message whose row this is, or beside whose row this feedback stands."""
    contact = item["pk"]["S"].partition("#")[2]
    family, _, sending = item["sk"]["S"].partition("!")[0].partition("#")
    return MessageKey(contact, family, sending)


def message_item(workspace: str, message: Message) -> Item:
    """The message's row (`MessageRow`)."""
    return MessageRow.item_with(
        pk=name(workspace, message.key.contact),
        sk=sort_key(message.key),
        v=message.version,
        state=message.state,
        doc=_REST.text(_rest(message)),
        open=None if message.due_at is None else open_shard(workspace, message.key),
        due_at=message.due_at,
    )


def message_of(item: Item) -> Message:
    rest = _REST.thing(MessageRow.readable(item)["doc"]["S"])
    return Message(
        key_of(item),
        rest.email,
        rest.revision,
        cast(State, item["s"]["S"]),
        rest.attempt,
        rest.at,
        rest.broadcast,
        rest.provider_id,
        rest.reason,
        rest.lease_until,
        int(item["due_at"]["N"]) if "due_at" in item else None,
        rest.tokens,
        rest.body_hash,
        int(item["v"]["N"]),
        rest.transport,
        rest.of,
        rest.kept,
        Cohort(rest.segment, rest.domain),
    )


def _rest(message: Message) -> Rest:
    return Rest(
        message.email,
        message.revision,
        message.attempt,
        message.at,
        message.broadcast,
        message.provider_id,
        message.reason,
        message.lease_until,
        message.tokens,
        message.body_hash,
        message.transport,
        message.of,
        message.kept,
        message.cohort.segment,
        message.cohort.domain,
    )


def open_shard(workspace: str, message: MessageKey) -> str:
    return name(workspace, str(crc32(str(message).encode()) % OPEN_SHARDS))


def sort_key(message: MessageKey) -> str:
    return f"{message.family}#{message.sending}" if message.sending else message.family
