from collections.abc import Callable

import pytest

from chalicelib.model.cap import Cap
from chalicelib.model.quiet_hours import QuietHours
from chalicelib.model.suppression import Suppression
from chalicelib.model.workspace import Workspace
from chalicelib.store.connection import Connection
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import SIGNER
from tests.store.calls import calls_of
from tests.store.conftest import world_over
from tests.store.things import FAMILY, broadcast, contact, hashed, message


def filled(world: World) -> None:
    assert world.broadcasts.create(broadcast(1))
    assert len(world.contacts.create_many([(contact(n), hashed(n)) for n in range(48)])) == 48
    world.messages.put_many([message(3), message(49)])
    for number in (4, 5):
        address_hash = SIGNER.hashed("address", contact(number).address)
        world.suppressions.put(Suppression(address_hash, "bounced", "test", NOON))


def test_a_call_learns_all_it_must_know(world: World) -> None:
    filled(world)
    reading = world.recipients.read(broadcast(1).id, FAMILY, [contact(n).id for n in range(50)])
    assert reading.broadcast == broadcast(1)
    assert reading.workspace == Workspace(), "nothing is stored yet"
    assert dict(reading.contacts) == {contact(n).id: contact(n) for n in range(48)}
    assert dict(reading.rows) == {contact(n).id: message(n) for n in (3, 49)}
    assert {who: each.reason for who, each in reading.suppressions.items()} == {
        contact(4).id: "bounced",
        contact(5).id: "bounced",
    }


def test_the_workspaces_rules_are_read_with_them(world: World) -> None:
    workspace = Workspace(caps=(Cap(3, "week"),), quiet_hours=QuietHours(1260, 480), version=1)
    assert world.workspaces.create(workspace)
    assert world.recipients.read(broadcast(2).id, FAMILY, [contact(1).id]).workspace == workspace


def test_a_broadcast_that_is_not_there_is_none(world: World) -> None:
    reading = world.recipients.read(broadcast(2).id, FAMILY, [contact(1).id])
    assert reading.broadcast is None
    assert dict(reading.contacts) == {}


@pytest.mark.real
def test_two_batch_reads_are_all_it_takes(connect: Callable[[], Connection], workspace: str) -> None:
    connection = connect()
    world = world_over(connection, workspace)
    filled(world)
    with calls_of(connection) as calls:
        world.recipients.read(broadcast(1).id, FAMILY, [contact(n).id for n in range(50)])
    assert calls == ["BatchGetItem", "BatchGetItem"]
