"""Soft bounces as a set: whatever the order and however often they are told, the same verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.address_record import (
    DAY_MS,
    MAX_LIFTED,
    AddressRecord,
    SoftBounce,
    recent_bounces,
    run_of_bounces,
    with_lifted,
    with_soft_bounce,
)
from chalicelib.model.suppression import Suppression

EMPTY = AddressRecord("0000000000000001")


def of(*days):
    record = EMPTY
    for number, day in enumerate(days):
        record = with_soft_bounce(record, SoftBounce(round(day * DAY_MS), f"mail {number}"))
    return record


@pytest.mark.parametrize(
    ("days", "after", "last"),
    [
        ((1, 2), 0, None),  # too few
        ((1, 2, 3), 0, 3),
        ((1, 10, 11), 0, 11),  # the window is as wide as it says
        ((1, 10, 11.01), 0, None),
        ((1, 20, 21, 22), 0, 22),  # an old one does not save the later ones
        ((1, 2, 3, 4), 2, None),  # a delivery on day 2 forgives what lies before it
        ((1, 2, 3, 4, 5), 2, 5),
    ],
)
def test_so_many_within_so_many_days(days, after, last):
    run = run_of_bounces(of(*days), 3, 10, after * DAY_MS)
    assert (run[-1].at / DAY_MS if run else None) == last


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(0, 12)), max_size=20).flatmap(
        lambda told: st.tuples(st.just(told), st.permutations(told * 2))
    )
)
def test_order_and_repetition_change_nothing(told):
    once, shuffled = told
    records = []
    for some in (once, shuffled):
        record = EMPTY
        for day, mail in some:
            record = with_soft_bounce(record, SoftBounce(day * DAY_MS, str(mail)))
        records.append(record)
    assert records[0].soft == records[1].soft
    assert len(records[0].soft) == len({mail for _, mail in once})


def test_told_again_it_is_the_very_same_record():
    record = of(1, 2)
    assert with_soft_bounce(record, record.soft[0]) is record


def test_what_was_lifted_is_forgiven_and_remembered():
    lifted = with_lifted(of(1, 2, 3), [Suppression(EMPTY.address_hash, "bounced", "x", 3 * DAY_MS)], 4 * DAY_MS)
    assert run_of_bounces(lifted, 3, 10) == ()
    assert recent_bounces(lifted, 5 * DAY_MS, 10) == 0
    assert recent_bounces(of(1, 2, 3), 5 * DAY_MS, 3) == 1
    assert [each.reason for each in lifted.lifted] == ["bounced"]


def test_the_history_has_an_end():
    record = EMPTY
    for number in range(MAX_LIFTED + 5):
        record = with_lifted(record, [Suppression(EMPTY.address_hash, "bounced", str(number), 0)], number)
    assert len(record.lifted) == MAX_LIFTED
    assert record.lifted[0].source == str(MAX_LIFTED + 4)
