from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import budget as budgets
from chalicelib.model.budget import Budget, Reservation, Told, Wait, changed, fitting, reserved
from tests.fakes.clock import NOON


def throttled(budget: Budget, at: int, most: float) -> Budget:
    course = budgets.slowed(budget, at, at, most)
    return budget if course is None else changed(budget, course)


def accepted(budget: Budget, recipients: int) -> Budget:
    return replace(budget, sent=budget.sent + recipients)


def test_what_one_throttling_takes_comes_back_in_about_a_minute_at_any_rate():
    for most in (1.0, 14.0, 200.0, 5_000.0):
        at, seconds = throttled(Budget(), NOON, most), 0
        assert budgets.rate(at, most) == 0.7 * most
        while budgets.rate(at, most) < most:
            at, seconds = accepted(at, round(budgets.rate(at, most)) or 1), seconds + 1
        assert 50 <= seconds <= 90, most


def test_a_lower_quota_is_followed_at_once_and_a_higher_one_when_it_is_back():
    at = throttled(Budget(), NOON, 200.0)
    assert budgets.rate(at, 100.0) == 100.0
    assert budgets.rate(at, 500.0) == 140.0
    assert budgets.rate(accepted(at, 12_000), 500.0) == 500.0


def test_it_comes_back_gently_from_a_failure_and_at_once_from_what_a_person_mended():
    failed = changed(Budget(), budgets.tripped(Budget(), NOON, "reset"))
    halted = changed(Budget(), budgets.tripped(Budget(), NOON, "no such key", halted=True))
    rates = [budgets.rate(changed(each, budgets.mended(each, NOON, 100.0)), 100.0) for each in (failed, halted)]
    assert rates == [10.0, 100.0]


STEPS = st.tuples(st.sampled_from(["throttle", "accept"]), st.integers(0, 500))


@given(st.lists(STEPS, max_size=40), st.floats(1, 500))
def test_the_rate_is_never_above_the_quota_nor_nothing(steps, most):
    at, now = Budget(), NOON
    for step, number in steps:
        now += number
        at = throttled(at, now, most) if step == "throttle" else accepted(at, number)
        assert 0.1 <= budgets.rate(at, most) <= most


asked = st.builds(
    Reservation,
    recipients=st.integers(1, 50),
    cost_ms=st.integers(0, 5_000),
    now=st.integers(NOON, NOON + 7_200_000),
    ahead_ms=st.integers(0, 5_000),
    per_hour=st.none() | st.integers(1, 200),
    per_day=st.none() | st.integers(1, 300),
    bound=st.booleans(),
    told=st.builds(Told, st.integers(0, 50), st.integers(0, 1), st.integers(0, 1)),
)


@given(st.lists(asked, max_size=30))
def test_no_hour_and_no_day_holds_more_than_its_limit_for_whom_it_binds(many):
    at = Budget()
    for each in sorted(many, key=lambda one: one.now):
        before, after = at, reserved(at, each)
        if isinstance(after, Wait):
            assert after.until > each.now
            continue
        if each.bound:
            assert each.per_hour is None or after.in_hour <= each.per_hour
            assert each.per_day is None or after.in_day <= each.per_day
            assert each.recipients <= fitting(before, each)
        assert after.next_at >= each.now
        at = after
