"""Events on their way to `record`: nothing of them is lost on the queue."""

import json
from typing import Any

import pytest

from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.store.connection import Connection
from chalicelib.store.incoming import TOGETHER, IncomingStore, body_of, events_of

MESSAGE = MessageKey("c00000000000000a", "f00000000000000b", "s00000000000000c")


def event(number: int = 0, **changes: Any) -> Event:
    values: dict[str, Any] = {"kind": "bounced", "message": MESSAGE, "email": "e00000000000000c", "at": number}
    return Event(id=f"i{number:015d}", **(values | changes))


FULL = event(7, attempt="a1", address="zoë@example.com", link=3, provider_id="p", detail={"reason": "550 é"})


def test_an_event_comes_back_as_it_went() -> None:
    assert events_of(body_of("main", [FULL, event()]), "main") == [FULL, event()]


def test_another_workspace_s_events_are_none() -> None:
    assert events_of(body_of("other", [FULL]), "main") == []


@pytest.mark.parametrize("body", ["", "{}", '{"eventType": "Bounce"}', "Successfully validated SNS topic", "["])
def test_what_is_somebody_else_s_is_not_read(body: str) -> None:
    assert events_of(body, "main") is None


@pytest.mark.parametrize(
    "body",
    [
        '{"envoi":',
        '{"envoi":2,"workspace":"main","events":[]}',
        '{"envoi":1,"workspace":"main"}',
        '{"envoi":1,"workspace":"main","events":[{}]}',
        body_of("main", [FULL]).replace("bounced", "vanished"),
    ],
)
def test_what_is_malformed_is_one_error(body: str) -> None:
    with pytest.raises(ValueError, match=r"^events: "):
        events_of(body, "main")


class Queue:
    """What SQS was given."""

    def __init__(self) -> None:
        self.bodies: list[str] = []

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803  # boto3's names
        return {"QueueUrl": f"https://queue/{QueueName}"}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803  # boto3's names
        assert QueueUrl == "https://queue/envoi-events"
        self.bodies.append(MessageBody)


def test_many_go_a_hundred_at_a_time_and_each_message_fits_in_sqs(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, connection = Queue(), Connection("us-east-1", "envoi", "bucket")
    monkeypatch.setitem(connection.__dict__, "sqs", queue)
    largest = [
        event(number, address="x" * 320, detail=dict.fromkeys(("reason", "status", "type", "response"), "é" * 500))
        for number in range(250)
    ]
    IncomingStore(connection, "main").put(largest)
    assert [len(json.loads(body)["events"]) for body in queue.bodies] == [TOGETHER, TOGETHER, 50]
    assert [each for body in queue.bodies for each in events_of(body, "main") or []] == largest
    assert max(len(body.encode()) for body in queue.bodies) < 1024 * 1024


def test_nothing_to_tell_asks_nobody() -> None:
    IncomingStore(Connection("us-east-1", "envoi", "bucket"), "main").put([])


@pytest.mark.real
def test_the_real_queue_takes_them(connection: Connection) -> None:
    url = connection.sqs.get_queue_url(QueueName=f"{connection.prefix}-events")["QueueUrl"]
    IncomingStore(connection, "main").put([FULL, event()])
    bodies = [each["Body"] for each in connection.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    assert [FULL, event()] in [events_of(body, "main") for body in bodies]
