"""How a transport stands now: whether it is used, how fast, and how much of its hour and day is used up."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model import budget as budgets
from chalicelib.model.breaker import State
from chalicelib.model.budget import DAY_MS, HOUR_MS
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work.world import World


@dataclass(frozen=True, slots=True)
class Standing:
    """`per_second` is its rate now, `at_most` what it may come to. `until` (epoch ms) is when it is tried again."""

    state: State
    reason: str
    until: int | None
    per_second: float
    at_most: float
    in_hour: int
    in_day: int


def of(world: World, setup: TransportSetup) -> Standing:
    now, quota, budget = world.now(), world.transports.quota(setup), world.budgets.read(setup.budget)
    breaker, most = budget.course.breaker, setup.most(quota.per_second)
    return Standing(
        state=breaker.state,
        reason=breaker.reason or quota.halt,
        until=breaker.shut if breaker.state != "closed" else None,
        per_second=round(budgets.rate(budget, most), 3),
        at_most=most,
        in_hour=budget.in_hour if budget.hour == now // HOUR_MS else 0,
        in_day=budget.in_day if budget.day == now // DAY_MS else 0,
    )
