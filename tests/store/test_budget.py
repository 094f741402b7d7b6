from collections.abc import Callable

import pytest

from chalicelib.store.budget import BudgetStore
from chalicelib.store.connection import Connection
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.store.calls import calls_of, one_answer_lost


@pytest.fixture(autouse=True)
def fresh_budget(request: pytest.FixtureRequest) -> None:
    """The row is the account's: the test before has used it."""
    if "connection" in request.fixturenames or "real" in request.node.name:
        connection: Connection = request.getfixturevalue("connection")
        key = {"pk": {"S": connection.region}}
        connection.dynamodb.delete_item(TableName=connection.table("budget"), Key=key)


def test_slots_follow_one_another(world: World) -> None:
    assert world.budget.reserve(250, NOON, 1_000) == NOON
    assert world.budget.reserve(250, NOON, 1_000) == NOON + 250
    assert world.budget.reserve(1_000, NOON + 100, 1_000) == NOON + 500
    assert world.budget.reserve(250, NOON + 100, 1_000) is None
    assert world.budget.reserve(250, NOON + 500, 1_000) == NOON + 1_500


def test_a_slot_too_far_ahead_reserves_nothing(world: World) -> None:
    assert world.budget.reserve(5_000, NOON, 1_000) == NOON
    for _ in range(3):
        assert world.budget.reserve(250, NOON, 1_000) is None
    assert world.budget.reserve(250, NOON, 5_000) == NOON + 5_000


def test_time_that_passed_unused_is_not_made_up_for(world: World) -> None:
    assert world.budget.reserve(250, NOON, 1_000) == NOON
    assert world.budget.reserve(250, NOON + 60_000, 1_000) == NOON + 60_000
    assert world.budget.reserve(250, NOON + 60_000, 1_000) == NOON + 60_250


@pytest.mark.real
def test_workers_share_the_budget(connection: Connection) -> None:
    workers = [BudgetStore(connection, "one"), BudgetStore(connection, "another")]
    slots = [worker.reserve(100, NOON, 10_000) for _ in range(5) for worker in workers]
    assert slots == [NOON + 100 * n for n in range(10)]


@pytest.mark.real
def test_one_write_is_the_usual_case(connection: Connection, connect: Callable[[], Connection]) -> None:
    mine, others = connect(), BudgetStore(connection, "main")
    budget = BudgetStore(mine, "main")
    assert budget.reserve(100, NOON, 1_000) == NOON
    with calls_of(mine) as calls:
        others.reserve(100, NOON, 1_000)
        assert budget.reserve(100, NOON + 50, 1_000) == NOON + 200
        assert budget.reserve(100, NOON + 5_000, 1_000) == NOON + 5_000
    assert calls == ["UpdateItem", "UpdateItem"]


@pytest.mark.real
@pytest.mark.parametrize("before", [0, 1], ids=["idle", "queueing"])
def test_a_lost_answer_takes_one_slot(connection: Connection, connect: Callable[[], Connection], before: int) -> None:
    mine = connect()
    budget = BudgetStore(mine, "main")
    for number in range(before):
        assert budget.reserve(100, NOON, 1_000) == NOON + 100 * number
    with one_answer_lost(mine, "UpdateItem") as lost:
        assert budget.reserve(100, NOON, 1_000) == NOON + 100 * before
    assert lost == [200]
    assert BudgetStore(connection, "main").reserve(100, NOON, 1_000) == NOON + 100 * (before + 1)
