"""What queues gave up, over HTTP."""

from dataclasses import replace

import pytest

from chalicelib.model.dead_letter import DeadLetter
from tests.api.client import Client, FakeParts
from tests.fakes.dead_letters import FakeDeadLetters
from tests.work.sending.house import LIST, House


@pytest.fixture
def letters() -> FakeDeadLetters:
    return FakeDeadLetters()


@pytest.fixture
def house() -> House:
    return House(3)


@pytest.fixture
def client(app, house, letters):
    with app.using(FakeParts(replace(house.world(), dead_letters=letters))):
        yield Client(app)


def hint(number: int, broadcast: str) -> DeadLetter:
    asks = {"do": "deliver", "broadcast": broadcast, "walker": 0, "number": number}
    return DeadLetter(f"m{number}", "outgoing", "{}", asks, 10, 1_764_072_000_000)


def test_every_queue_is_told_of(client, letters):
    letters.letters = [hint(1, "b"), DeadLetter("x", "events", "{}")]
    found = {each["queue"]: each["number"] for each in client("GET", "/v1/dead-letters").json["queues"]}
    assert found == {"outgoing": 1, "planning": 0, "messages": 0, "imports": 0, "events": 1}


def test_they_are_explained(house, client, letters):
    broadcast = house.broadcast(LIST).id
    letters.letters = [hint(1, broadcast), DeadLetter("m2", "outgoing", "nonsense")]
    first, second = client("GET", "/v1/dead-letters/outgoing").json["items"]
    assert first["asked"] == f"Send chunk 1 of walk 0 of broadcast {broadcast}"
    assert first["why"].startswith("The broadcast is planning. It is still to be done.")
    assert (first["receives"], first["sent_at"]) == (10, "2025-11-25T12:00:00.000Z")
    assert (second["asked"], second["body"]) == (None, "nonsense")
    house.settle()
    (first, _) = client("GET", "/v1/dead-letters/outgoing").json["items"]
    assert first["why"] == "What it asks for is over: dropping it does no harm."


def test_they_are_replayed_or_dropped(client, letters):
    letters.letters = [hint(n, "b") for n in range(5)]
    assert client("POST", "/v1/dead-letters/outgoing/replay", {"ids": ["m1"]}).json["replayed"] == 1
    assert client("POST", "/v1/dead-letters/outgoing/drop", {"ids": ["m2", "m9"]}).json["dropped"] == 1
    assert client("POST", "/v1/dead-letters/outgoing/replay", {}).json["replayed"] == 3
    assert [each.id for each in letters.replayed] == ["m1", "m0", "m3", "m4"]
    assert letters.letters == []


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/v1/dead-letters/outgoing/drop", {}, "ids"),
        ("POST", "/v1/dead-letters/outgoing/drop", {"ids": []}, "ids"),
        ("POST", "/v1/dead-letters/outgoing/replay", {"ids": [""]}, "ids"),
        ("POST", "/v1/dead-letters/outgoing/replay", {"ids": ["m"] * 101}, "ids"),
    ],
)
def test_what_is_wrong_is_named(client, method, path, body, field):
    answered = client(method, path, body)
    assert (answered.status, answered.error["field"]) == (422, field)
