"""The pace of now, by the looks that a page carries along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.pace import STALE_MS, measured

NOON = 1_764_072_000_000


def watched(*looks, rest=100):
    """The paces at (seconds after noon, settled)."""
    paces, earlier = [], ""
    for seconds, settled in looks:
        paces.append(measured(settled, rest, NOON + round(seconds * 1_000), earlier))
        earlier = paces[-1].looks
    return paces


def test_calls_that_settle_by_the_handful_do_not_make_it_jump():
    paces = watched(*((second, second // 5 * 20) for second in range(0, 60, 2)))
    assert [each.rate for each in paces[:2]] == [None, None], "over three seconds at least"
    assert all(3 <= each.rate <= 5 for each in paces[8:])


def test_what_was_before_the_window_is_forgotten():
    fast = [(second, 10 * second) for second in range(0, 30, 2)]
    slow = [(30 + second, 300 + second) for second in range(0, 60, 2)]
    paces = watched(*fast, *slow, rest=50)
    assert (paces[14].rate, paces[14].left) == (10, 5)
    assert (paces[-1].rate, paces[-1].left) == (1, 50)


def test_nothing_moves():
    assert [(each.rate, each.left) for each in watched((0, 7), (5, 7))] == [(None, None), (0, None)]


@pytest.mark.parametrize(
    "earlier",
    [
        "nonsense",
        f"{NOON + 9}-0-{NOON + 9}-0",
        f"{NOON - 9_000}-50-{NOON - 9_000}-50",
        f"{NOON - 9_000}-0-{NOON - 10_000}-0",
        f"{NOON - STALE_MS}-0-{NOON - STALE_MS}-0",
        "9" * 400,
    ],
    ids=["nonsense", "of later", "of more", "out of order", "of long ago", "long"],
)
def test_looks_that_cannot_be_gone_on_from(earlier):
    pace = measured(40, 5, NOON, earlier)
    assert (pace.rate, pace.left, pace.looks) == (None, None, f"{NOON}-40-{NOON}-40")


@given(st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 40)), min_size=1, max_size=60))
def test_it_lies_between_the_slowest_and_the_fastest_that_was_seen(steps):
    """Of the stretches between two looks."""
    at, settled, earlier = NOON, 0, measured(0, 1, NOON, "").looks
    speeds = []
    for passed, more in steps:
        at, settled = at + passed, settled + more
        speeds.append(more * 1_000 / passed)
        pace = measured(settled, 1, at, earlier)
        earlier = pace.looks
        assert pace.rate is None or min(speeds) - 1e-6 <= pace.rate <= max(speeds) + 1e-6
