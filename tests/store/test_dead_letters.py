"""Dead letters: looked at without being moved, put back, dropped."""

from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest

from chalicelib.model.dead_letter import DeadLetter, Queue, deed_of
from chalicelib.store.connection import Connection
from chalicelib.store.dead_letters import DeadLettersStore
from chalicelib.store.hint import KINDS, NAMES, Deliver, Hint, body_of
from tests.fakes.dead_letters import FakeDeadLetters
from tests.fakes.world import numbered_id

pytestmark = pytest.mark.real

BODIES = [body_of(Deliver(numbered_id(1, "broadcast"), 0, number)) for number in range(25)]


@pytest.fixture
def queue(connection: Connection) -> Iterator[Queue]:
    """`imports`, emptied behind the test."""
    sqs, name = connection.sqs, f"{connection.prefix}-imports"
    yield "imports"
    for each in (name, f"{name}-dead"):
        sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName=each)["QueueUrl"])


def dead(connection: Connection, queue: Queue, *bodies: str) -> DeadLettersStore:
    url = connection.sqs.get_queue_url(QueueName=f"{connection.prefix}-{queue}-dead")["QueueUrl"]
    for body in bodies:
        connection.sqs.send_message(QueueUrl=url, MessageBody=body)
    return DeadLettersStore(connection, "main")


def waiting(connection: Connection, queue: Queue) -> list[str]:
    url = connection.sqs.get_queue_url(QueueName=f"{connection.prefix}-{queue}")["QueueUrl"]
    found: list[str] = []
    while got := connection.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", ()):
        found += [each["Body"] for each in got]
    return found


def test_looking_leaves_them_where_they_are(connection: Connection, queue: Queue) -> None:
    store = dead(connection, queue, *BODIES[:12], "nonsense")
    assert store.number(queue) == 13
    for _ in range(2):
        found = store.page(queue, 100)
        assert sorted(each.body for each in found) == sorted([*BODIES[:12], "nonsense"])
    hint = next(each for each in found if each.body == BODIES[3])
    assert hint.asks == {"do": "deliver", "broadcast": numbered_id(1, "broadcast"), "walker": 0, "number": 3}
    assert hint.sent_at > 0
    assert next(each for each in found if each.body == "nonsense").asks == {}
    assert len(store.page(queue, 5)) == 5


def test_all_are_replayed_and_no_more_than_asked(connection: Connection, queue: Queue) -> None:
    store = dead(connection, queue, *BODIES)
    assert store.replay(queue, None, 15) == 15
    assert store.replay(queue, None, 100) == 10
    assert store.number(queue) == 0
    assert sorted(waiting(connection, queue)) == sorted(BODIES)


def test_some_are_replayed_or_dropped_and_the_rest_stay(connection: Connection, queue: Queue) -> None:
    store = dead(connection, queue, *BODIES[:5])
    first, second, *rest = store.page(queue, 100)
    assert store.replay(queue, {first.id}, 100) == 1
    assert store.drop(queue, {second.id, "unknown"}, 100) == 1
    assert waiting(connection, queue) == [first.body]
    assert sorted(each.body for each in store.page(queue, 100)) == sorted(each.body for each in rest)


def test_the_fake_does_the_same() -> None:
    fake = FakeDeadLetters([DeadLetter(f"{n}", "imports", body) for n, body in enumerate(BODIES[:5])])
    assert fake.number("imports") == 5
    assert fake.number("events") == 0
    assert fake.replay("imports", {"0"}, 100) == 1
    assert fake.drop("imports", {"1", "9"}, 100) == 1
    assert fake.replay("imports", None, 2) == 2
    assert [each.id for each in fake.page("imports", 100)] == ["4"]
    assert [each.id for each in fake.replayed] == ["0", "2", "3"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_what_a_hint_asks_for_is_said_in_words(kind: type[Hint]) -> None:
    hint = kind(**{each.name: 7 if each.type == "int" else "x" for each in fields(kind)})
    letter = DeadLetter("1", "imports", body_of(hint), {"do": NAMES[kind], **asdict(hint)})
    said = deed_of(letter)
    assert said, "chalicelib/model/dead_letter.py has no words for it"
    assert "x" in said
