from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import budget as budgets
from chalicelib.model.budget import Budget, Reservation, Told, Wait, changed, fitting, reserved
from chalicelib.model.pacing import call_size, cost_ms
from tests.fakes.clock import NOON


def throttled(budget: Budget, at: int, most: float) -> Budget:
    course = budgets.slowed(budget, at, at, most)
    return budget if course is None else changed(budget, course)


def accepted(budget: Budget, recipients: int) -> Budget:
    return replace(budget, sent=budget.sent + recipients)


@dataclass
class Provider:
    """Takes `allowed` a second, by a bucket that holds a second's worth, but throttles some calls anyway."""

    allowed: float
    anyway: float = 0.0
    rng: Random = field(default_factory=lambda: Random(7))
    tokens: float = 0.0
    at: int = NOON

    def taken(self, recipients: int, at: int) -> int:
        self.tokens = min(self.allowed, self.tokens + self.allowed * (at - self.at) / 1_000)
        self.at = at
        if self.rng.random() < self.anyway:
            return 0
        found = min(recipients, int(self.tokens))
        self.tokens -= found
        return found


def sent(provider: Provider, most: float, seconds: int, budget: Budget | None = None) -> tuple[Budget, int, int]:
    """One call behind the other, as fast as the rate allows: what was asked for, and taken, of the second half."""
    budget, now, asked, taken = budget or Budget(), provider.at, 0, 0
    half, end = now + seconds * 500, now + seconds * 1_000
    while now < end:
        rate = budgets.rate(budget, most)
        recipients = call_size(rate)
        accepted_now = provider.taken(recipients, now)
        budget = accepted(budget, accepted_now)
        if accepted_now < recipients:
            budget = throttled(budget, now, most)
        asked, taken = (asked + recipients, taken + accepted_now) if now >= half else (0, 0)
        now += cost_ms(recipients, rate)
    return budget, asked, taken


@pytest.mark.parametrize("most", [1.0, 14.0, 200.0, 5_000.0])
def test_what_one_throttling_takes_comes_back_in_some_seconds_at_any_rate(most):
    at, seconds = throttled(Budget(), NOON, most), 0
    assert budgets.rate(at, most) == 0.7 * most
    while budgets.rate(at, most) < most:
        at, seconds = accepted(at, round(budgets.rate(at, most)) or 1), seconds + 1
    assert 8 <= seconds <= 15


@pytest.mark.parametrize("share", [1.0, 0.6, 0.2])
@pytest.mark.parametrize("most", [14.0, 50.0, 200.0, 1_000.0])
def test_it_comes_close_to_what_the_provider_takes_and_asks_for_little_more(most, share):
    _, asked, taken = sent(Provider(share * most), most, 600)
    assert taken >= 0.85 * 300 * share * most
    assert taken >= 0.95 * asked


@pytest.mark.parametrize("anyway", [0.02, 1 / 7, 0.3])
@pytest.mark.parametrize("most", [14.0, 50.0, 200.0, 1_000.0])
def test_throttlings_of_another_cause_hardly_lower_it_and_it_is_whole_when_they_end(most, anyway):
    provider = Provider(most, anyway)
    at, _, taken = sent(provider, most, 600)
    assert taken >= 0.75 * (1 - anyway) * 300 * most
    provider.anyway = 0.0
    at, _, _ = sent(provider, most, 60, at)
    assert budgets.rate(at, most) == most


@given(st.floats(2, 500), st.floats(0.1, 1), st.floats(0, 0.5), st.integers(0, 99))
def test_what_is_proved_the_provider_allows_and_no_throttling_takes_more_than_a_fifth_of_it(most, share, anyway, seed):
    provider = Provider(share * most, anyway, Random(seed))
    at = Budget()
    for _ in range(10):
        at, _, _ = sent(provider, most, 10, at)
        course = at.course
        assert course.proved <= provider.allowed * 1.001
        if course.low_at == course.proved_at:
            assert course.low >= min(course.before, 0.8 * course.proved) * 0.999


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
