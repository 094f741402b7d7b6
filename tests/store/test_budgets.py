from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model import budget as budgets
from chalicelib.model.budget import DAY_MS, HOUR_MS, MINUTE_MS, Budget, Reservation, Slot, Told, Wait
from chalicelib.store.budgets import REMEMBERED_S, BudgetsStore
from chalicelib.store.connection import Connection
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.store.calls import calls_of, one_answer_lost

SES, POST = "", "post"


@pytest.fixture(autouse=True)
def fresh_budget(request: pytest.FixtureRequest) -> None:
    """SES's row is the account's: the test before has used it."""
    if "connection" in request.fixturenames or "real" in request.node.name:
        connection: Connection = request.getfixturevalue("connection")
        key = {"pk": {"S": connection.region}}
        connection.dynamodb.delete_item(TableName=connection.table("budget"), Key=key)


def asking(cost: int, now: int = NOON, ahead: int = 1_000, **changes: Any) -> Reservation:
    return replace(Reservation(10, cost, now, ahead), **changes)


def at(slot: Slot | Wait) -> int | None:
    return slot.at if isinstance(slot, Slot) else None


def test_slots_follow_one_another(world: World) -> None:
    found = [asking(250), asking(250), asking(1_000, NOON + 100), asking(250, NOON + 100), asking(250, NOON + 500)]
    slots = [at(world.budgets.reserve(SES, each)) for each in found]
    assert slots == [NOON, NOON + 250, NOON + 500, None, NOON + 1_500]


def test_a_slot_too_far_ahead_reserves_nothing_and_says_when(world: World) -> None:
    assert at(world.budgets.reserve(SES, asking(5_000))) == NOON
    for _ in range(3):
        assert world.budgets.reserve(SES, asking(250)) == Wait(NOON + 4_000, "slot")
    assert at(world.budgets.reserve(SES, asking(250, ahead=5_000))) == NOON + 5_000


def test_time_that_passed_unused_is_not_made_up_for(world: World) -> None:
    slots = [at(world.budgets.reserve(SES, asking(250, NOON + late))) for late in (0, 60_000, 60_000)]
    assert slots == [NOON, NOON + 60_000, NOON + 60_250]


def test_what_was_reserved_in_vain_is_paid_by_the_next(world: World) -> None:
    world.budgets.reserve(SES, asking(1_000))
    world.budgets.note(SES, Told(unused_ms=600))
    assert at(world.budgets.reserve(SES, asking(500))) == NOON + 1_000
    assert world.budgets.read(SES).next_at == NOON + 1_000, "nothing more than its own cost is given back"
    world.budgets.note(SES, Told(unused_ms=100))
    world.budgets.reserve(SES, asking(500))
    assert world.budgets.read(SES).next_at == NOON + 1_400


def test_each_place_has_a_budget_of_its_own(world: World) -> None:
    for place in (POST, "post@gmail.com", "broadcast/b1"):
        assert at(world.budgets.reserve(place, asking(5_000))) == NOON
    assert world.budgets.read("nobody") == Budget()


@pytest.mark.parametrize(("field", "length", "why"), [("per_hour", HOUR_MS, "hour"), ("per_day", DAY_MS, "day")])
def test_an_hour_and_a_day_are_used_up_and_end(world: World, field: str, length: int, why: str) -> None:
    limited = {field: 25}
    end = (NOON // length + 1) * length
    assert isinstance(world.budgets.reserve(POST, asking(0, **limited)), Slot)
    assert isinstance(world.budgets.reserve(POST, asking(0, **limited)), Slot)
    assert world.budgets.reserve(POST, asking(0, **limited)) == Wait(end, why)
    assert isinstance(world.budgets.reserve(POST, asking(0, recipients=5, **limited)), Slot), "five fit"
    assert isinstance(world.budgets.reserve(POST, asking(0, bound=False, **limited)), Slot), "counts, and is not bound"
    assert getattr(world.budgets.read(POST), f"in_{why}") == 35
    assert isinstance(world.budgets.reserve(POST, asking(0, end, **limited)), Slot)
    assert getattr(world.budgets.read(POST), f"in_{why}") == 10


def test_what_is_noted_is_told_by_the_next_reservation(world: World) -> None:
    world.budgets.note(POST, Told(accepted=7, well=1))
    world.budgets.note(POST, Told(badly=2))
    world.budgets.reserve(POST, asking(0))
    found = world.budgets.read(POST)
    assert (found.sent, found.well, found.badly, found.in_a_row) == (7, 1, 2, 0)
    world.budgets.note(POST, Told(badly=3))
    world.budgets.reserve(POST, asking(0))
    assert world.budgets.read(POST).badly == 5
    world.budgets.note(POST, Told(badly=1))
    world.budgets.reserve(POST, asking(0, NOON + MINUTE_MS))
    found = world.budgets.read(POST)
    assert (found.sent, found.well, found.badly, found.in_a_row) == (7, 0, 1, 4)


def test_a_throttling_lowers_the_rate_once(world: World) -> None:
    world.budgets.reserve(POST, asking(100))
    for _ in range(2):
        after = world.budgets.change(POST, lambda found: budgets.slowed(found, NOON, NOON + 50, 200.0))
    assert budgets.rate(after, 200.0) == 140.0
    assert world.budgets.read(POST).next_at == NOON + 100, "the numbers of reservations stay as they are"
    world.budgets.note(POST, Told(accepted=200, well=4))
    world.budgets.reserve(POST, asking(100, NOON + 500))
    assert budgets.rate(world.budgets.seen(POST), 200.0) == 146.0
    assert budgets.rate(world.budgets.seen(POST), 120.0) == 120.0


def test_a_change_makes_a_row_where_there_is_none(world: World) -> None:
    world.budgets.change(POST, lambda found: budgets.tripped(found, NOON, "no such key", halted=True))
    assert world.budgets.reserve(POST, asking(100)) == Wait(NOON + 30_000, "shut")
    assert world.budgets.read(POST).course.breaker.reason == "no such key"


def test_one_call_alone_tries_what_failed(world: World) -> None:
    world.budgets.reserve(POST, asking(0))
    world.budgets.change(POST, lambda found: budgets.tripped(found, NOON, "reset"))
    late = NOON + 30_000
    assert world.budgets.reserve(POST, asking(0, late)) == Slot(late, probe=True)
    assert world.budgets.reserve(POST, asking(0, late)) == Wait(late + 60_000, "shut")
    world.budgets.change(POST, lambda found: budgets.mended(found, late, 100.0))
    assert world.budgets.reserve(POST, asking(0, late)) == Slot(late)
    assert budgets.rate(world.budgets.seen(POST), 100.0) == 10.0


def test_a_probe_whose_worker_died_is_followed_by_another(world: World) -> None:
    world.budgets.change(POST, lambda found: budgets.tripped(found, NOON, "reset"))
    for late in (30_000, 90_000):
        assert world.budgets.reserve(POST, asking(0, NOON + late)) == Slot(NOON + late, probe=True)


@pytest.mark.real
def test_workers_share_the_budget(connection: Connection) -> None:
    workers = [BudgetsStore(connection, "one"), BudgetsStore(connection, "another")]
    slots = [at(worker.reserve(SES, asking(100, ahead=10_000))) for _ in range(5) for worker in workers]
    assert slots == [NOON + 100 * n for n in range(10)]


@pytest.mark.real
def test_workers_share_hours_and_breakers(connection: Connection, workspace: str) -> None:
    one, other = BudgetsStore(connection, workspace), BudgetsStore(connection, workspace)
    for worker in (one, other):
        assert isinstance(worker.reserve(POST, asking(0, per_hour=20)), Slot)
    assert isinstance(one.reserve(POST, asking(0, per_hour=20)), Wait)
    other.change(POST, lambda found: budgets.tripped(found, NOON, "reset"))
    assert one.reserve(POST, asking(0)) == Wait(NOON + 30_000, "shut")


@pytest.mark.real
def test_a_shut_budget_is_read_again_soon_and_no_write_is_wasted(
    connection: Connection, connect: Callable[[], Connection], workspace: str
) -> None:
    mine, seconds = connect(), [100.0]
    one = BudgetsStore(mine, workspace, clock=lambda: seconds[0])
    one.change(POST, lambda found: budgets.tripped(found, NOON, "reset"))
    with calls_of(mine) as calls:
        assert one.reserve(POST, asking(0)) == Wait(NOON + 30_000, "shut")
    assert calls == []
    BudgetsStore(connection, workspace).change(POST, lambda found: budgets.mended(found, NOON, 1.0))
    seconds[0] += REMEMBERED_S + 1
    with calls_of(mine) as calls:
        assert one.reserve(POST, asking(0)) == Slot(NOON)
    assert calls == ["GetItem", "UpdateItem"]


@pytest.mark.real
def test_one_write_is_the_usual_case(connection: Connection, connect: Callable[[], Connection]) -> None:
    mine, others = connect(), BudgetsStore(connection, "main")
    budget = BudgetsStore(mine, "main")
    limited = {"per_hour": 1_000, "per_day": 1_000}
    assert at(budget.reserve(SES, asking(100, **limited))) == NOON
    with calls_of(mine) as calls:
        others.reserve(SES, asking(100, **limited))
        budget.note(SES, Told(accepted=10, well=1))
        assert at(budget.reserve(SES, asking(100, NOON + 50, **limited))) == NOON + 200
        budget.note(SES, Told(accepted=10, well=1))
        assert at(budget.reserve(SES, asking(100, NOON + 5_000, **limited))) == NOON + 5_000
        assert isinstance(budget.reserve(SES, asking(9_000, NOON + 5_000, **limited)), Slot)
        assert isinstance(budget.reserve(SES, asking(100, NOON + 5_000, **limited)), Wait)
    assert calls == ["UpdateItem"] * 3


@pytest.mark.real
@pytest.mark.parametrize("before", [0, 1], ids=["idle", "queueing"])
def test_a_lost_answer_takes_one_slot(connection: Connection, connect: Callable[[], Connection], before: int) -> None:
    mine = connect()
    budget = BudgetsStore(mine, "main")
    for number in range(before):
        assert at(budget.reserve(SES, asking(100))) == NOON + 100 * number
    budget.note(SES, Told(accepted=5, well=1))
    with one_answer_lost(mine, "UpdateItem") as lost:
        assert at(budget.reserve(SES, asking(100, per_day=100))) == NOON + 100 * before
    assert lost == [200]
    found = BudgetsStore(connection, "main").read(SES)
    assert (found.next_at, found.sent, found.in_day) == (NOON + 100 * (before + 1), 5, 10)


@pytest.mark.real
def test_a_row_of_the_version_before_is_read(connection: Connection, workspace: str) -> None:
    row = {"next_at": {"N": str(NOON + 500)}, "w": {"S": "x"}, "f": {"N": "1"}, "pk": {"S": f"{workspace}#{POST}"}}
    connection.dynamodb.put_item(TableName=connection.table("budget"), Item=row)
    assert at(BudgetsStore(connection, workspace).reserve(POST, asking(100))) == NOON + 500
