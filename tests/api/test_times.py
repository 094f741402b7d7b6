import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.times import iso, milliseconds
from chalicelib.model.errors import Invalid


@given(st.integers(0, 253_402_300_799_999))
def test_what_goes_out_comes_back(at):
    assert milliseconds("at", iso(at)) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T02:00:00+02:00", 0),
        ("2025-11-25T12:00:00.250Z", 1_764_072_000_250),
        ("2025-11-25 12:00+00:00", 1_764_072_000_000),
    ],
)
def test_zones_are_counted_in(text, at):
    assert milliseconds("at", text) == at


@pytest.mark.parametrize("text", ["", "now", "2025-11-25T12:00:00", "2025-11-25", "2025-13-01T00:00:00Z", "1764072000"])
def test_a_time_without_a_zone_is_refused(text):
    with pytest.raises(Invalid) as fault:
        milliseconds("at", text)
    assert fault.value.field == "at"
    assert "zone" in fault.value.hint


def test_no_time_is_null():
    assert iso(None) is None
