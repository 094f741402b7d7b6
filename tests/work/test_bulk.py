"""Many contacts in one call: each by itself; under a key each once, whatever dies on the way."""

import pytest

from chalicelib.model.claim import KEPT_MS, LEASE_MS
from chalicelib.model.errors import Conflict, Invalid, TooLarge
from chalicelib.work import bulk, contacts
from chalicelib.work.bulk import Item
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, answer_lost, counted, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(clock, tables):
    return fake_world(clock=clock, tables=tables)


def upsert(address, **given):
    return Item("upsert", {"address": address, **given})


def outcomes(done):
    return [each.outcome for each in done]


def test_each_item_by_itself_in_their_order(world):
    ann = contacts.create(world, "ann@example.com", tags=["old"])
    done = bulk.apply(
        world,
        [
            upsert("ANN@example.com", add_tags=["new"], add_points=2),
            upsert("ben@example.com", add_tags=["new"], add_points=2, points=1),
            Item("create", {"address": "ann@example.com"}),
            upsert("no address"),
            Item("update", {"fields": {"plan": "pro"}}, "ben@example.com"),
            Item("update", {"points": 9}, ann.id, version=1),
            Item("update", {}, "nobody@example.com"),
            upsert("ben@example.com", fields={"plan": "pro"}),
            Item("delete", {}, ann.id),
            Invalid("contact", "", "Name one."),
        ],
    )
    assert outcomes(done) == [
        "updated", "created", "failed", "failed", "updated", "failed", "failed", "unchanged", "deleted", "failed",
    ]  # fmt: skip
    assert [each.fault.field for each in done if each.fault] == ["address", "address", "version", "address", "contact"]
    ben = contacts.read(world, "ben@example.com")
    assert (ben.tags, ben.points, ben.fields) == ({"new"}, 3, {"plan": "pro"})
    assert done[0].contact.tags == {"old", "new"}


def test_what_all_are_judged_by_is_read_once(world):
    calls = []
    bulk.apply(intercepted(world, *counted(calls)), [upsert(f"p{n}@example.com", fields={"a": n}) for n in range(20)])
    assert [call.method for call in calls if call.port == "definitions"] == ["page"]


def test_so_many_and_no_more(world):
    with pytest.raises(TooLarge):
        bulk.apply(world, [upsert(f"p{n}@example.com") for n in range(101)])
    with pytest.raises(Invalid):
        bulk.apply(world, [])


def test_what_the_time_does_not_allow_is_not_done(world, clock):
    clock.deadline = clock.now() + 1_000
    done = bulk.apply(world, [upsert("ann@example.com")], "key", "body")
    assert done[0].fault.code == "unfinished"
    clock.deadline = None
    clock.sleep(LEASE_MS)
    assert outcomes(bulk.apply(world, [upsert("ann@example.com")], "key", "body")) == ["created"]


ITEMS = [
    upsert("ann@example.com", add_points=1),
    upsert("ann@example.com", add_points=10),
    upsert("new@example.com", points=5),
    Item("create", {"address": "made@example.com"}),
    Item("update", {"add_points": 100}, "ann@example.com"),
    upsert("bad"),
]


def test_a_repetition_answers_what_the_first_one_did(world):
    contacts.create(world, "ann@example.com")
    first = bulk.apply(world, ITEMS, "key", "body")
    again = bulk.apply(world, ITEMS, "key", "body")
    assert outcomes(first) == outcomes(again) == ["updated", "updated", "created", "created", "updated", "failed"]
    assert contacts.read(world, "ann@example.com").points == 111
    assert [each.contact.id for each in first[:5]] == [each.contact.id for each in again[:5]]
    assert (again[5].fault.code, again[5].fault.field) == ("invalid", "address")


def test_nothing_that_was_typed_is_kept_with_the_key(world, tables):
    bulk.apply(world, [upsert("ann at example"), upsert("ben@example.com", fields={"plan": "secret"})], "key", "body")
    assert not {word for word in ("ann", "ben", "secret") if word in repr(tables.bulk_claims)}


def test_another_body_under_the_same_key_is_refused(world):
    bulk.apply(world, ITEMS, "key", "body")
    with pytest.raises(Conflict) as caught:
        bulk.apply(world, ITEMS[:1], "key", "another body")
    assert caught.value.field == "Idempotency-Key"
    assert outcomes(bulk.apply(world, ITEMS[:1], "another key", "body")) == ["updated"]


def test_after_a_day_a_key_is_new(world, clock):
    bulk.apply(world, ITEMS[:1], "key", "body")
    clock.sleep(KEPT_MS)
    assert outcomes(bulk.apply(world, ITEMS[1:2], "key", "another body")) == ["updated"]


def test_two_at_once_do_not_both_work(world):
    contacts.create(world, "ann@example.com")
    left = [1]

    def meddle(call):
        if call.method == "by_address" and left[0]:
            left[0] = 0
            with pytest.raises(Conflict, match="under way"):
                bulk.apply(world, ITEMS, "key", "body")

    bulk.apply(intercepted(world, meddle), ITEMS, "key", "body")
    assert contacts.read(world, "ann@example.com").points == 111


@pytest.mark.parametrize("fault", [killed_before, killed_after, answer_lost])
def test_whatever_dies_on_the_way_each_item_is_done_once(fault):
    calls = []
    bulk.apply(intercepted(_standing()[0], *counted(calls)), ITEMS, "key", "body")
    assert len(calls) > 20
    for number in range(1, len(calls) + 1):
        world, clock = _standing()
        with pytest.raises((Killed, LostAnswer)):
            bulk.apply(intercepted(world, *fault(number)), ITEMS, "key", "body")
        clock.sleep(LEASE_MS)
        again = bulk.apply(world, ITEMS, "key", "body")
        assert outcomes(again)[2:] == ["created", "created", "updated", "failed"], f"call {number}"
        points = [contacts.read(world, f"{who}@example.com").points for who in ("ann", "new", "made")]
        assert points == [111, 5, 0], f"call {number}"


def _standing():
    clock = Clock()
    world = fake_world(clock=clock, tables=Tables())
    contacts.create(world, "ann@example.com")
    return world, clock
