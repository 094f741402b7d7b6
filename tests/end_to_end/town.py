"""Where houses of real parts stand: the data stack in the local AWS, the SES simulator, one clock for all of them.

Nothing sleeps: the simulator reads the same clock, whose time passes only when a worker waits or a test turns it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.store.connection import Connection
from chalicelib.transports.ses import sending_client
from local import ministack
from local.home import REGION
from local.ses import SimulatedSes
from local.ses_simulator.account import Limits
from local.ses_simulator.publishing import sns_sink
from tests.fakes.clock import Clock
from tests.local.ses import ask, read
from tests.ministack import LocalAws

PREFIX = "faults"
# Recipients a second: a call holds half of them.
RATE = 40
# How long a worker really waits for an answer of the simulator.
ANSWER_MS = 2_000
HINTED = ("planning", "outgoing")
EVENTS = "events"
BATCH = 10


@dataclass(frozen=True)
class Received:
    """A message of a queue, as SQS gives it."""

    id: str
    body: str
    receipt: str


@dataclass
class Town:
    connection: Connection
    ses: SimulatedSes
    sending: Any
    clock: Clock
    _urls: dict[str, str] = field(default_factory=dict)

    def receive(self, queue: str) -> list[Received]:
        """Up to ten; none where the queue is empty."""
        answer = self.connection.sqs.receive_message(QueueUrl=self._url(queue), MaxNumberOfMessages=BATCH)
        return [Received(m["MessageId"], m["Body"], m["ReceiptHandle"]) for m in answer.get("Messages", ())]

    def delete(self, queue: str, messages: Sequence[Received]) -> None:
        for entries in _entries(messages):
            answer = self.connection.sqs.delete_message_batch(QueueUrl=self._url(queue), Entries=entries)
            assert not answer.get("Failed")

    def put_back(self, queue: str, messages: Sequence[Received]) -> None:
        """They come again at once: what a worker failed on, or held when it died."""
        for entries in _entries(messages, VisibilityTimeout=0):
            answer = self.connection.sqs.change_message_visibility_batch(QueueUrl=self._url(queue), Entries=entries)
            assert not answer.get("Failed")

    def clean(self) -> None:
        """Nothing of the house before is left in the queues, the inbox or the budget: a transport that failed comes
        back slowly, and would still be slow.
        """
        assert self.ses.settled()
        budget = self.connection.table("budget")
        for item in self.connection.dynamodb.scan(TableName=budget)["Items"]:
            self.connection.dynamodb.delete_item(TableName=budget, Key={"pk": item["pk"]})
        for queue in (*HINTED, EVENTS):
            while messages := self.receive(queue):
                self.delete(queue, messages)
        for path in ("/messages", "/events", "/faults"):
            assert ask(self.ses, "DELETE", path)[0] == 200

    def inbox(self) -> list[dict[str, Any]]:
        """What the simulator accepted and did not reject afterwards."""
        letters: list[dict[str, Any]] = read(self.ses, "/messages?limit=1000")["items"]
        assert len(letters) < 1000
        return [letter for letter in letters if letter["fate"] not in ("rejected", "rendering_failed")]

    def trouble(self, *faults: dict[str, Any]) -> None:
        status, text, _ = ask(self.ses, "POST", "/faults", list(faults))
        assert status == 200, text

    def troubles_left(self) -> int:
        return len(json.loads(ask(self.ses, "GET", "/faults")[1]))

    def _url(self, queue: str) -> str:
        if queue not in self._urls:
            found = self.connection.sqs.get_queue_url(QueueName=f"{PREFIX}-{queue}")
            self._urls[queue] = found["QueueUrl"]
        return self._urls[queue]


@contextmanager
def town(aws: LocalAws) -> Iterator[Town]:
    outputs = ministack.deploy_data(aws.url, PREFIX, f"{PREFIX}-bucket")
    clock = Clock()
    simulated = SimulatedSes(
        limits=Limits(max_send_rate=RATE),
        topic=outputs["EventsTopicArn"],
        sink=sns_sink(_sns(aws.url)),
        clock=lambda: clock.at / 1_000,
    )
    with simulated as ses:
        connection = Connection(REGION, PREFIX, outputs["BucketName"], aws.url, _sleeper(clock))
        yield Town(connection, ses, sending_client(REGION, ses.url, ANSWER_MS), clock)


def _sleeper(clock: Clock) -> Callable[[float], None]:
    """Stores wait in seconds."""
    return lambda seconds: clock.sleep(int(seconds * 1_000))


def _sns(url: str) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client("sns", region_name=REGION, endpoint_url=url, config=config)


def _entries(messages: Sequence[Received], **more: Any) -> Iterator[list[dict[str, Any]]]:
    for at in range(0, len(messages), BATCH):
        part = messages[at : at + BATCH]
        yield [{"Id": str(n), "ReceiptHandle": each.receipt} | more for n, each in enumerate(part)]
