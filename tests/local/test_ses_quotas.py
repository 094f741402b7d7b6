"""Quotas that really throttle, by a clock of the test's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.ses_simulator.account import DAY, DAY_OVER, SUCCESS, THROTTLED, Account, Limits


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_second_s_worth_at_once_and_then_the_rate(clock):
    account = Account(Limits(max_send_rate=10), clock)
    assert account.admit([1] * 12) == [SUCCESS] * 10 + [THROTTLED] * 2
    clock.now += 0.5
    assert account.admit([1] * 6) == [SUCCESS] * 5 + [THROTTLED]


def test_the_bucket_never_holds_more_than_a_second_s_worth(clock):
    account = Account(Limits(max_send_rate=3), clock)
    clock.now += 3_600
    assert account.admit([1] * 4) == [SUCCESS] * 3 + [THROTTLED]


def test_recipients_count_not_messages(clock):
    account = Account(Limits(max_send_rate=5), clock)
    assert account.admit([3, 3, 2]) == [SUCCESS, THROTTLED, SUCCESS]


def test_a_slow_account_may_still_send_one(clock):
    account = Account(Limits(max_send_rate=0.5), clock)
    assert account.admit([1, 1]) == [SUCCESS, THROTTLED]
    clock.now += 2
    assert account.admit([1]) == [SUCCESS]


def test_the_day_slides(clock):
    account = Account(Limits(max_send_rate=100, max_24_hour_send=2), clock)
    assert account.admit([1, 1, 1]) == [SUCCESS, SUCCESS, DAY_OVER]
    clock.now += DAY - 120
    assert account.admit([1]) == [DAY_OVER]
    clock.now += 180
    assert account.admit([1]) == [SUCCESS]
    assert account.sent_last_day() == 1


def test_minus_one_is_no_limit_of_the_day(clock):
    account = Account(Limits(max_send_rate=100, max_24_hour_send=-1), clock)
    assert account.admit([1] * 100) == [SUCCESS] * 100


def test_what_was_sent_before_a_restart_counts(clock):
    account = Account(Limits(max_24_hour_send=5), clock)
    account.remember([(int(clock.now // 60) - 1, 4)])
    assert account.admit([1, 1]) == [SUCCESS, DAY_OVER]


def test_a_lower_rate_takes_effect_at_once(clock):
    account = Account(Limits(max_send_rate=100), clock)
    account.change(Limits(max_send_rate=2))
    assert account.admit([1] * 3) == [SUCCESS, SUCCESS, THROTTLED]


@settings(max_examples=100, deadline=None)
@given(
    rate=st.floats(0.5, 50),
    calls=st.lists(st.tuples(st.floats(0, 3), st.lists(st.integers(1, 10), max_size=10)), max_size=20),
)
def test_no_stretch_of_time_ever_gives_more_than_its_rate_and_one_second(rate, calls):
    clock = Clock()
    account = Account(Limits(max_send_rate=rate, max_24_hour_send=-1), clock)
    began, sent = clock.now, 0
    for passed, sizes in calls:
        clock.now += passed
        statuses = account.admit(sizes)
        sent += sum(size for size, status in zip(sizes, statuses, strict=True) if status == SUCCESS)
        assert sent <= max(1, rate) + rate * (clock.now - began) + 1e-6
