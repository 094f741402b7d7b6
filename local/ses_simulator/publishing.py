"""The road of events to SNS: one thread, in order, ten a call; nothing is lost on a stop, clean or not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

from local.ses_simulator.outbox import Outbox

BATCH = 10
# Seconds: longer than a call to SNS can take before it times out.
LONGEST_CALL = 15.0
# SNS takes 256 KB a PublishBatch call, all entries together.
BATCH_BYTES = 250_000

Events = Sequence[str]
# Publishes up to ten events to a topic; raises where any of them was not taken.
Sink = Callable[[str, Events], None]


def sns_sink(client: Any) -> Sink:  # noqa: ANN401  boto3 has no types
    """Where events go by a boto3 SNS client. Those that SNS refused one by one are given to it again."""

    def publish(topic: str, bodies: Events) -> None:
        waiting = {str(number): body for number, body in enumerate(bodies)}
        entries = [{"Id": each, "Message": body} for each, body in waiting.items()]
        answer = client.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
        for failed in answer.get("Failed", ()):
            client.publish(TopicArn=topic, Message=waiting[failed["Id"]])

    return publish


class Publisher:
    """Takes from the outbox whenever it is woken, and after a failure waits longer and longer, up to 5 s."""

    def __init__(self, outbox: Outbox, sink: Sink) -> None:
        self._outbox = outbox
        self._sink = sink
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ses-events", daemon=True)
        self.failures = 0

    def start(self) -> None:
        self._thread.start()
        self.wake()

    def wake(self) -> None:
        with self._lock:
            self._idle.clear()
            self._wake.set()

    def wait_until_idle(self, seconds: float) -> bool:
        """Whether all that was put before is published by then."""
        return self._idle.wait(seconds)

    def stop(self, seconds: float = 20.0) -> bool:
        """Publishes what is left; what could not be published in time stays in the outbox for the next start."""
        done = self.wait_until_idle(seconds)
        self._stopping.set()
        self._wake.set()
        self._thread.join(LONGEST_CALL)
        return done

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            rows = self._outbox.unpublished(BATCH)
            if rows:
                self._publish(rows)
            elif self._rested():
                self._wake.wait()

    def _rested(self) -> bool:
        """Idle, unless something came in while the outbox was looked at."""
        with self._lock:
            if not self._wake.is_set():
                self._idle.set()
            return self._idle.is_set()

    def _publish(self, rows: list[tuple[int, str, str]]) -> None:
        batch = _fitting(rows)
        try:
            self._sink(batch[0][1], [body for _, _, body in batch])
        except Exception as error:  # noqa: BLE001  whatever it was, the events must wait and not be lost
            self.failures += 1
            if self.failures == 1:
                print(f"ses: events cannot be published yet: {error}", flush=True)
            self._stopping.wait(min(5.0, 0.05 * 2 ** min(self.failures, 7)))
            return
        self.failures = 0
        self._outbox.advance(batch[-1][0])


def _fitting(rows: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """The first rows, of one topic, that fit into one call: one at least."""
    room = BATCH_BYTES
    fitting: list[tuple[int, str, str]] = []
    for row in takewhile(lambda row: row[1] == rows[0][1], rows):
        room -= len(row[2].encode())
        if room < 0 and fitting:
            break
        fitting.append(row)
    return fitting
