from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.chunk import CHUNK
from chalicelib.model.pacing import backoff_ms, call_size, cost_ms, spread, turn_ms

RATES = st.floats(0.1, 100_000)


@pytest.mark.parametrize(
    ("rate", "size", "why"),
    [
        (1, 1, "the sandbox"),
        (14, 7, "a new production account: 50 at once would be refused"),
        (99, 49, "half a second's worth"),
        (100, 50, "a whole chunk"),
        (10_000, 50, "SES takes 50 a call"),
    ],
)
def test_a_call_holds_half_a_second_s_worth(rate, size, why):
    assert call_size(rate) == size, why


@given(RATES)
def test_a_call_is_never_empty_nor_more_than_a_chunk(rate):
    assert 1 <= call_size(rate) <= CHUNK


@given(st.integers(1, CHUNK), RATES)
def test_the_budget_is_never_cheaper_than_the_rate(recipients, rate):
    assert recipients * 1_000 <= cost_ms(recipients, rate) * rate * (1 + 1e-9)


@pytest.mark.parametrize("rate", [0, -1, 0.0])
def test_no_rate_is_no_division_by_zero(rate):
    assert cost_ms(1, rate) == 10_000


@given(st.integers(0, 10_000))
def test_back_off_grows_and_ends_at_a_minute(tries):
    assert 1_000 <= backoff_ms(tries) <= backoff_ms(tries + 1) <= 60_000


@pytest.mark.parametrize(
    ("rate", "milliseconds"), [(0.1, 20_000), (1, 20_000), (14, 3_572), (200, 1_000), (9_999, 1_000)]
)
def test_a_chunk_stands_back_as_long_as_another_one_takes(rate, milliseconds):
    assert turn_ms(rate) == milliseconds


def test_what_is_spread_lies_evenly():
    for many in (10, 100, 1_000):
        found = sorted(spread(number) for number in range(many))
        assert 0 <= found[0] <= found[-1] < 1
        assert max(later - earlier for earlier, later in pairwise(found)) < 2.7 / many
