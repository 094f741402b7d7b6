import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import breaker
from chalicelib.model.breaker import CALM_MS, FIRST_MS, LONGEST_MS, MOVES, PROBE_MS, Breaker
from tests.fakes.clock import NOON

STEPS = {
    "trip": lambda at, now: breaker.tripped(at, now, "reset", halted=False),
    "mend": breaker.mended,
    "reopen": breaker.reopened,
}


def test_it_trips_waits_is_tried_and_mended():
    tripped = breaker.tripped(Breaker(), NOON, "reset", halted=False)
    assert (tripped.state, tripped.shut, tripped.reason) == ("open", NOON + FIRST_MS, "reset")
    assert tripped.is_shut(NOON)
    assert not tripped.is_shut(NOON + FIRST_MS)
    probing = breaker.probing(tripped, NOON + FIRST_MS)
    assert (probing.state, probing.is_shut(NOON + FIRST_MS), probing.shut) == (
        "half_open",
        True,
        NOON + FIRST_MS + PROBE_MS,
    )
    assert breaker.mended(probing, NOON).state == "closed"


def test_each_time_in_a_row_it_waits_longer_up_to_a_bound():
    now, waits = NOON, []
    at = Breaker()
    for _ in range(12):
        at = breaker.tripped(at, now, "reset", halted=False)
        waits.append(at.shut - now)
        now = at.shut
        at = breaker.mended(breaker.probing(at, now), now)
    assert waits[:4] == [FIRST_MS, 2 * FIRST_MS, 4 * FIRST_MS, 8 * FIRST_MS]
    assert waits[-1] == LONGEST_MS
    calm = breaker.tripped(at, now + CALM_MS + 1, "reset", halted=False)
    assert calm.shut - calm.since == FIRST_MS


def test_what_was_under_way_when_it_opened_changes_nothing():
    at = breaker.tripped(Breaker(), NOON, "reset", halted=False)
    assert breaker.tripped(at, NOON + 5, "again", halted=True) is None


def test_somebody_has_it_tried_at_once():
    at = breaker.tripped(Breaker(), NOON, "no such key", halted=True)
    assert not breaker.reopened(at, NOON + 1).is_shut(NOON + 1)
    assert breaker.reopened(Breaker(), NOON) is None


@pytest.mark.parametrize(
    ("in_a_row", "well", "badly", "failing"),
    [(4, 0, 4, False), (5, 0, 5, True), (0, 9, 9, False), (1, 10, 10, True), (1, 11, 10, False)],
)
def test_when_it_is_failing(in_a_row, well, badly, failing):
    assert breaker.is_failing(in_a_row, well, badly) == failing


@given(st.lists(st.tuples(st.sampled_from(["trip", "probe", "mend", "reopen"]), st.integers(0, LONGEST_MS))))
def test_it_only_makes_the_moves_of_its_table(steps):
    at, now = Breaker(), NOON
    for move, later in steps:
        now += later
        before = at
        if move == "probe":
            if at.state == "closed" or at.is_shut(now):
                continue
            at = breaker.probing(at, now)
        else:
            at = STEPS[move](at, now) or at
        if at is not before:
            assert at.state == MOVES[move][before.state]
        assert at.state == "closed" or at.shut - now <= LONGEST_MS, "it never stays away for good"
