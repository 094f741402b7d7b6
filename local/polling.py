"""A queue as an event source: long polls, batches, and the deletion of what was done."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local import queue_records
from local.function import Departure, Function

Json = dict[str, Any]
MOST = 10
# Lambda waits 20 s; the local AWS goes on waiting after its client left, and would hold up the end by as much.
WAIT_S = 3


@dataclass(frozen=True, slots=True)
class Source:
    """An event source mapping: up to `batch` messages an event, gathered for `window_s` at the most."""

    sqs: Any
    queue: str
    function: Function
    batch: int
    window_s: float
    region: str

    def turn(self, departure: Departure) -> None:
        """Waits for messages, hands them over as one event, deletes those that were done."""
        url = self.sqs.get_queue_url(QueueName=self.queue)["QueueUrl"]
        messages = self._gather(url)
        if not messages:
            return
        with departure.working():
            event = queue_records.event_of(messages, _arn(self.queue, self.region), self.region)
            answer = self.function.call(event)
            self._delete(url, queue_records.done(messages, answer))

    def _gather(self, url: str) -> list[Json]:
        messages = self._receive(url, self.batch, WAIT_S)
        deadline = time.monotonic() + self.window_s
        while messages and len(messages) < self.batch and time.monotonic() < deadline:
            more = self._receive(url, self.batch - len(messages), 0)
            messages += more
            if len(more) < MOST:
                time.sleep(min(0.1, max(0.0, deadline - time.monotonic())))
        return messages

    def _receive(self, url: str, wanted: int, wait_s: int) -> list[Json]:
        answer = self.sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=min(MOST, wanted),
            WaitTimeSeconds=wait_s,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))

    def _delete(self, url: str, messages: Sequence[Json]) -> None:
        for start in range(0, len(messages), MOST):
            part = messages[start : start + MOST]
            entries = [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(part)]
            self.sqs.delete_message_batch(QueueUrl=url, Entries=entries)


def _arn(queue: str, region: str) -> str:
    return f"arn:aws:sqs:{region}:000000000000:{queue}"
