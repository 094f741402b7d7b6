"""Every answer about a conditional write is right even when the first answer was lost and botocore asked again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.model.broadcast import Walk
from chalicelib.model.chunk import Call, begun
from chalicelib.model.member import Member
from chalicelib.model.suppression import Suppression
from chalicelib.store.connection import Connection
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.calls import one_answer_lost
from tests.store.conftest import world_over
from tests.store.things import (
    COHORT,
    EMAIL,
    broadcast,
    chunk,
    contact,
    email,
    event,
    first,
    hashed,
    message,
    message_key,
    segment,
    template_message,
)

pytestmark = pytest.mark.real
PLANNING = replace(broadcast(1), state="planning", version=2)
ANN = Member(numbered_id(1, "member"), "ann@example.com", "Ann", "admin", created_at=NOON, updated_at=NOON)
BOB = replace(ANN, id=numbered_id(2, "member"), address="bob@example.com", name="Bob")
CALL = Call(numbered_id(1, "attempt"), NOON, NOON + 150_000, (0, 1, 2))


def nothing(_: World) -> None:
    pass


def people(world: World) -> None:
    world.contacts.create_many([(contact(1, lists=frozenset()), hashed(1)), (contact(2), hashed(2))])
    world.segments.create(segment(1))


def planned(world: World) -> None:
    world.broadcasts.create(broadcast(1))
    world.broadcasts.start(PLANNING, [Walk(0)])
    world.broadcasts.commit_page(PLANNING, Walk(0, page="first", chunks=1, version=2), 1, [chunk(0)])


def claimed(world: World) -> None:
    world.messages.claim(template_message(1), None)


SINGLE: dict[str, tuple[str, Callable[[World], None], Callable[[World], bool]]] = {
    "contact": ("PutItem", people, lambda w: w.contacts.update(contact(1, version=2), 1)),
    "segment": ("UpdateItem", people, lambda w: w.segments.update(segment(1, name="New", version=2), 1)),
    "walk": ("PutItem", planned, lambda w: w.broadcasts.update_walk(PLANNING.id, Walk(0, fed=1, version=3), 2)),
    "chunk": ("PutItem", planned, lambda w: w.chunks.write(begun(chunk(0), CALL, {}))),
    "message": ("PutItem", claimed, lambda w: w.messages.update(template_message(1, state="held", version=2), 1)),
}


def staffed(world: World) -> None:
    world.members.create(ANN)
    world.members.create(BOB)


TOGETHER: dict[str, tuple[Callable[[World], None], Callable[[World], bool]]] = {
    "contact": (nothing, lambda w: w.contacts.create(contact(9), hashed(9))),
    "contacts": (nothing, lambda w: len(w.contacts.create_many([(contact(n), hashed(n)) for n in range(5)])) == 5),
    "address": (people, lambda w: w.contacts.change_address(contact(1, version=2), 1, hashed(1), hashed(9))),
    "deletion": (people, lambda w: w.contacts.delete(contact(2).id, 1)),
    "member": (people, lambda w: w.segments.add_member(segment(1).id, contact(1, lists=frozenset()))),
    "e-mail": (nothing, lambda w: w.emails.create(email(1))),
    "broadcast": (nothing, lambda w: w.broadcasts.create(broadcast(1))),
    "page": (
        planned,
        lambda w: w.broadcasts.commit_page(PLANNING, Walk(0, page="next", chunks=2, version=3), 2, [chunk(1)]),
    ),
    "claim": (nothing, lambda w: w.messages.claim(template_message(1), numbered_id(1, "claim")) is None),
    "admin lowered": (staffed, lambda w: w.members.update(replace(ANN, role="viewer", version=2), 1, BOB)),
    "admin removed": (staffed, lambda w: w.members.delete(ANN.id, 1, BOB)),
    "facts": (nothing, lambda w: w.facts.write([first(event(1)), first(event(2))]) == {}),
}


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_write_that_won_says_so(connect: Callable[[], Connection], workspace: str, name: str) -> None:
    connection = connect()
    world = world_over(connection, workspace)
    operation, before, write = SINGLE[name]
    before(world)
    with one_answer_lost(connection, operation) as lost:
        assert write(world)
    assert lost == [200]


@pytest.mark.parametrize("name", TOGETHER)
def test_a_transaction_that_won_says_so(connect: Callable[[], Connection], workspace: str, name: str) -> None:
    connection = connect()
    world = world_over(connection, workspace)
    before, write = TOGETHER[name]
    before(world)
    with one_answer_lost(connection, "TransactWriteItems") as lost:
        assert write(world)
    assert lost == [200]


def test_a_write_that_lost_says_so_too(connect: Callable[[], Connection], workspace: str) -> None:
    connection = connect()
    world = world_over(connection, workspace)
    planned(world)
    assert world.chunks.write(begun(chunk(0), CALL, {}))
    with one_answer_lost(connection, "PutItem") as lost:
        assert not world.chunks.write(begun(chunk(0), replace(CALL, attempt=numbered_id(2, "attempt")), {}))
    assert lost == [400]


def test_counters_count_once(connect: Callable[[], Connection], workspace: str) -> None:
    connection = connect()
    world = world_over(connection, workspace)
    with one_answer_lost(connection, "TransactWriteItems"):
        assert world.facts.write([first(event(1)), first(event(2))]) == {}
    by = f"by#{COHORT.segment}#{COHORT.domain}"
    assert world.facts.counters(EMAIL) == {"delivered": 2, "delivered#2025-11-25": 2, f"{by}#delivered": 2}
    assert len(world.facts.read_many([message_key(1), message_key(2)])) == 2


def test_a_batch_write_and_a_suppression_may_be_sent_twice(connect: Callable[[], Connection], workspace: str) -> None:
    connection = connect()
    world = world_over(connection, workspace)
    rows = [message(number) for number in range(30)]
    with one_answer_lost(connection, "BatchWriteItem") as lost:
        world.messages.put_many(rows)
    assert lost == [200]
    assert len(world.messages.read_many([each.key for each in rows])) == 30
    with one_answer_lost(connection, "PutItem"):
        world.suppressions.put(Suppression(hashed(1), "bounced", "test", NOON))
    assert world.suppressions.read(hashed(1)) == Suppression(hashed(1), "bounced", "test", NOON)
