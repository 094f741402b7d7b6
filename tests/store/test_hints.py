import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.store.connection import Connection
from chalicelib.store.hint import (
    BadHint,
    Count,
    Deliver,
    Hint,
    Plan,
    RunImport,
    SendMessage,
    SignIn,
    Tend,
    body_of,
    hint_of,
)
from chalicelib.store.hints import HintsStore
from chalicelib.store.patience import Busy
from tests.store.things import message_key

HINTS: list[tuple[Hint, dict[str, Any]]] = [
    (Plan("b", 2), {"v": 1, "do": "plan", "broadcast": "b", "walker": 2}),
    (Deliver("b", 2, 7), {"v": 1, "do": "deliver", "broadcast": "b", "walker": 2, "number": 7}),
    (Tend("b"), {"v": 1, "do": "tend", "broadcast": "b"}),
    (SendMessage("c_f_s"), {"v": 1, "do": "message", "message": "c_f_s"}),
    (RunImport("i"), {"v": 1, "do": "import", "id": "i"}),
    (Count("c"), {"v": 1, "do": "count", "id": "c"}),
    (
        SignIn("m", "fr", "a", 7, "/console/emails"),
        {"v": 1, "do": "sign-in", "member": "m", "language": "fr", "ask": "a", "at": 7, "to": "/console/emails"},
    ),
]


@pytest.mark.parametrize(("hint", "said"), HINTS)
def test_a_hint_is_small_json_and_comes_back(hint: Hint, said: dict[str, Any]) -> None:
    assert json.loads(body_of(hint)) == said
    assert hint_of(body_of(hint)) == hint


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "is no JSON"),
        ("[1]", "is no object"),
        ("{}", "do=None is not known"),
        ('{"v":1,"do":"dance"}', "do='dance' is not known"),
        ('{"v":9,"do":"plan","broadcast":"b","walker":0}', "v=9"),
        ('{"v":1,"do":"plan","broadcast":"b"}', "walker"),
        ('{"v":1,"do":"plan","broadcast":7,"walker":0}', "broadcast"),
        ('{"v":1,"do":"deliver","broadcast":"b","walker":"0","number":1}', "walker"),
    ],
)
def test_a_bad_body_is_one_clear_error(body: str, says: str) -> None:
    with pytest.raises(BadHint, match=says):
        hint_of(body)


def received(connection: Connection, queue: str) -> list[Hint]:
    """Everything that is on the queue, taken off it."""
    url = connection.sqs.get_queue_url(QueueName=f"{connection.prefix}-{queue}")["QueueUrl"]
    hints: list[Hint] = []
    while messages := connection.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        hints += [hint_of(each["Body"]) for each in messages]
        for each in messages:
            connection.sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return hints


@pytest.mark.real
def test_every_hint_goes_to_its_queue(connection: Connection) -> None:
    hints = HintsStore(connection, "main")
    hints.plan("b", 1)
    hints.tend("b")
    hints.message(message_key(1))
    hints.run_import("i")
    hints.count("c")
    assert received(connection, "planning") == [Plan("b", 1), Tend("b")]
    assert received(connection, "messages") == [SendMessage(str(message_key(1)))]
    assert received(connection, "imports") == [RunImport("i"), Count("c")]


@pytest.mark.real
def test_each_chunk_has_a_queue_message_of_its_own(connection: Connection) -> None:
    hints = HintsStore(connection, "main")
    hints.deliver("b", 0, range(23))
    hints.deliver("b", 0, [])
    got = received(connection, "outgoing")
    assert sorted(got, key=lambda each: each.number if isinstance(each, Deliver) else -1) == [
        Deliver("b", 0, number) for number in range(23)
    ]


class ScriptedQueue:
    """SQS that takes of each batch what `takes` says, and keeps what it was sent."""

    def __init__(self, takes: Callable[[list[Any]], list[Any]]) -> None:
        self.takes = takes
        self.taken: list[Any] = []
        self.requests = 0

    def get_queue_url(self, QueueName: str) -> dict[str, str]:  # noqa: N803  # boto3's name
        return {"QueueUrl": QueueName}

    def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803  # the same
        self.requests += 1
        taken = self.takes(Entries)
        self.taken += taken
        return {"Failed": [{"Id": each["Id"]} for each in Entries if each not in taken]}


def hints_over(queue: ScriptedQueue) -> HintsStore:
    connection = Connection("us-east-1", "test", "bucket", sleep=lambda _: None)
    object.__setattr__(connection, "sqs", queue)
    return HintsStore(connection, "main")


def test_what_a_batch_left_undone_is_sent_again() -> None:
    queue = ScriptedQueue(lambda entries: entries[:3])
    hints_over(queue).deliver("b", 0, range(10), delay_s=5_000)
    assert [hint_of(each["MessageBody"]) for each in queue.taken] == [Deliver("b", 0, n) for n in range(10)]
    assert {each["DelaySeconds"] for each in queue.taken} == {900}
    assert queue.requests == 4


def test_a_queue_that_takes_nothing_is_an_error_in_the_end() -> None:
    with pytest.raises(Busy, match="test-planning"):
        hints_over(ScriptedQueue(lambda _: [])).tend("b")
