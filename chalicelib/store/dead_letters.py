"""Dead letters on SQS: the queue `<prefix>-<queue>-dead` behind each queue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from chalicelib.model.dead_letter import DeadLetter, Queue
from chalicelib.store.connection import Connection
from chalicelib.store.hint import NAMES, BadHint, hint_of

# As botocore gives it.
Message = dict[str, Any]
Act = Callable[[Queue, Message], None]

# SQS's own limit, and how long a message that was taken is hidden from others.
BATCH = 10
HIDDEN_S = 30
# Empty answers of a queue that has messages still: short polling asks a part of its servers.
EMPTY = 3


class DeadLettersStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._url = cache(self._find)

    def number(self, queue: Queue) -> int:
        answer = self._connection.sqs.get_queue_attributes(
            QueueUrl=self._url(f"{queue}-dead"), AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def page(self, queue: Queue, limit: int) -> list[DeadLetter]:
        """Looks at them and lets them be: each is visible again at once."""
        taken = self._taken(queue, limit)
        self._show(queue, taken)
        return [_letter(queue, each) for each in taken]

    def replay(self, queue: Queue, ids: Collection[str] | None, most: int) -> int:
        return self._each(queue, ids, most, self._put_back)

    def drop(self, queue: Queue, ids: Collection[str], most: int) -> int:
        return self._each(queue, ids, most, lambda _queue, _message: None)

    def _each(self, queue: Queue, ids: Collection[str] | None, most: int, act: Act) -> int:
        """Acts on these, then deletes them; those that are not meant are shown again."""
        taken = self._taken(queue, most)
        meant = [each for each in taken if ids is None or each["MessageId"] in ids]
        for each in meant:
            act(queue, each)
        self._delete(queue, meant)
        self._show(queue, [each for each in taken if each not in meant])
        return len(meant)

    def _taken(self, queue: Queue, most: int) -> list[Message]:
        """Messages, each of them once and hidden from others, until the queue is empty or so many were taken."""
        taken: dict[str, Message] = {}
        empty = 0
        while len(taken) < most and empty < EMPTY:
            answer = self._connection.sqs.receive_message(
                QueueUrl=self._url(f"{queue}-dead"),
                MaxNumberOfMessages=min(BATCH, most - len(taken)),
                VisibilityTimeout=HIDDEN_S,
                AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            )
            messages = answer.get("Messages", ())
            empty = 0 if messages else empty + 1
            taken |= {each["MessageId"]: each for each in messages}
        return list(taken.values())

    def _put_back(self, queue: Queue, message: Message) -> None:
        """Before it is deleted: a crash between doubles it, which does no harm."""
        self._connection.sqs.send_message(QueueUrl=self._url(queue), MessageBody=message["Body"])

    def _delete(self, queue: Queue, taken: Sequence[Message]) -> None:
        for entries in _entries(taken, {}):
            self._connection.sqs.delete_message_batch(QueueUrl=self._url(f"{queue}-dead"), Entries=entries)

    def _show(self, queue: Queue, taken: Sequence[Message]) -> None:
        for entries in _entries(taken, {"VisibilityTimeout": 0}):
            url = self._url(f"{queue}-dead")
            self._connection.sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)

    def _find(self, queue: str) -> str:
        url = self._connection.sqs.get_queue_url(QueueName=f"{self._connection.prefix}-{queue}")["QueueUrl"]
        return str(url)


def _entries(taken: Sequence[Message], more: dict[str, int]) -> Iterator[list[dict[str, Any]]]:
    """In batches of ten."""
    for at in range(0, len(taken), BATCH):
        batch = taken[at : at + BATCH]
        yield [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"], **more} for n, each in enumerate(batch)]


def _letter(queue: Queue, message: Message) -> DeadLetter:
    attributes = message.get("Attributes", {})
    return DeadLetter(
        message["MessageId"],
        queue,
        message["Body"],
        _asks(message["Body"]),
        int(attributes.get("ApproximateReceiveCount", 0)),
        int(attributes.get("SentTimestamp", 0)),
    )


def _asks(body: str) -> dict[str, str | int]:
    try:
        hint = hint_of(body)
    except BadHint:
        return {}
    return {"do": NAMES[type(hint)], **asdict(hint)}
