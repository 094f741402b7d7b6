"""The send log: table `messages`. What came back stands beside the rows (`facts.py` writes it)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from heapq import nlargest
from itertools import islice
from typing import Any

from chalicelib.model.feedback import Feedback
from chalicelib.model.ids import ID
from chalicelib.model.log_page import LogPage
from chalicelib.model.message import Message, MessageKey, message_key
from chalicelib.store import action
from chalicelib.store.batch import put_all
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.feedback_rows import feedback_of
from chalicelib.store.message_rows import (
    CLAIM,
    MESSAGES,
    OPEN_INDEX,
    OPEN_SHARDS,
    ClaimRow,
    MessageRow,
    key_of,
    message_item,
    message_of,
    message_place,
)
from chalicelib.store.patience import call
from chalicelib.store.reading import Range, query, read, read_many
from chalicelib.store.row import Item, key, name
from chalicelib.store.writing import transact, won

_PLACE = re.compile(rf"[0-9]{{1,15}} {ID.pattern}_{ID.pattern}(_{ID.pattern})?")


class MessagesStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(MESSAGES)

    def put_many(self, messages: Sequence[Message]) -> None:
        put_all(self._connection, self._table, [message_item(self._workspace, each) for each in messages])

    def claim(self, message: Message, idempotency: str | None) -> Message | None:
        """The attempt in the row is this request's own: a row that is the same is ours."""
        actions = [action.put(self._table, message_item(self._workspace, message), MessageRow.pk.does_not_exist())]
        if idempotency is not None:
            claim = ClaimRow(name(self._workspace, "claim", idempotency), CLAIM, message=str(message.key))
            actions.append(action.put(self._table, claim, ClaimRow.pk.does_not_exist()))
        unmet = transact(self._connection, actions)
        if not unmet:
            return None
        stands = self._claimed(unmet[1].found) if 1 in unmet else message_of(unmet[0].found)
        return None if stands == message else stands

    def update(self, message: Message, expected_version: int) -> bool:
        item = message_item(self._workspace, message)
        return won(self._connection, action.put(self._table, item, MessageRow.v == expected_version))

    def read(self, key: MessageKey) -> Message | None:
        item = read(self._connection, self._table, message_place(self._workspace, key))
        return None if item is None else message_of(item)

    def read_many(self, keys: Sequence[MessageKey], *, consistent: bool = True) -> dict[MessageKey, Message]:
        places = [message_place(self._workspace, each) for each in dict.fromkeys(keys)]
        items = read_many(self._connection, {self._table: places}, consistent=consistent)[self._table]
        return {message.key: message for message in map(message_of, items)}

    def history(self, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
        """A contact's rows are few (one for a family, one for a sending) and lie by their keys, which know no time:
        each page reads all of them, a megabyte a request, and keeps `limit` in memory. Feedback is read over.
        """
        where = MessageRow.pk == name(self._workspace, contact_id)
        items = query(self._connection, Range(self._table, where, only=MessageRow.state.exists()))
        messages: Iterator[Message] = map(message_of, items)
        if cursor:
            after = _moment_of(cursor)
            messages = (each for each in messages if _moment(each) < after)
        return cut(nlargest(limit + 1, messages, key=_moment), limit, _place)

    def of_contact(self, contact_id: str) -> tuple[list[Message], list[Feedback]]:
        messages, feedback = [], []
        for item in query(self._connection, Range(self._table, MessageRow.pk == name(self._workspace, contact_id))):
            if "s" in item:
                messages.append(message_of(item))
            elif item["sk"]["S"].endswith("!"):
                feedback.append(feedback_of(item))
        return messages, feedback

    def scan(self, segment: int, segments: int, after: str, limit: int) -> LogPage:
        """Claims and other workspaces' rows are read over."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "Segment": segment,
            "TotalSegments": segments,
            "Limit": limit,
            "FilterExpression": "begins_with(pk, :mine) AND NOT begins_with(pk, :claim)",
            "ExpressionAttributeValues": {
                ":mine": {"S": name(self._workspace, "")},
                ":claim": {"S": name(self._workspace, "claim", "")},
            },
        }
        start = {"ExclusiveStartKey": key(*after.split(" ", 1))} if after else {}
        while True:
            answer = call(self._connection, "scan", **request, **start)
            last = answer.get("LastEvaluatedKey")
            if answer["Items"] or last is None:
                return _log_page(answer["Items"], None if last is None else f"{last['pk']['S']} {last['sk']['S']}")
            start = {"ExclusiveStartKey": last}

    def due(self, now: int, limit: int) -> list[Message]:
        """The index is a moment late: the rows themselves are read again, and say whether they are due still."""
        waiting = sorted(self._due(now, limit), key=lambda item: int(item["due_at"]["N"]))
        messages = self.read_many([key_of(item) for item in waiting[:limit]])
        due = [message for message in messages.values() if message.due_at is not None and message.due_at <= now]
        return sorted(due, key=lambda message: (message.due_at or 0, str(message.key)))

    def _due(self, now: int, limit: int) -> Iterator[Item]:
        for shard in range(OPEN_SHARDS):
            where = (MessageRow.open == name(self._workspace, str(shard))) & (MessageRow.due_at <= now)
            wanted = Range(self._table, where, step=limit, index=OPEN_INDEX, consistent=False)
            yield from islice(query(self._connection, wanted), limit)

    def _claimed(self, claim: Item) -> Message:
        key = message_key(ClaimRow.of(claim).message)
        message = self.read(key)
        if message is None:
            raise LookupError(f"an idempotency claim names the message {key}, which is not there")
        return message


def _log_page(items: Sequence[Item], following: str | None) -> LogPage:
    messages = [message_of(item) for item in items if "s" in item]
    return LogPage(messages, [feedback_of(item) for item in items if item["sk"]["S"].endswith("!")], following)


def _moment(message: Message) -> tuple[int, str]:
    """The key tells apart what is of one millisecond."""
    return message.at, str(message.key)


def _place(message: Message) -> str:
    return f"{message.at} {message.key}"


def _moment_of(cursor: str) -> tuple[int, str]:
    at, _, key = place_of(cursor, _PLACE).partition(" ")
    return int(at), key
