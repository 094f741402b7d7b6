from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.errors import Invalid
from chalicelib.model.quiet_hours import QuietHours, checked_quiet_hours, clock, quiet_until

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(21 * 60, 8 * 60)
LUNCH = QuietHours(12 * 60, 13 * 60 + 30)


def at(text: str, zone=PARIS, fold=0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp() * 1_000)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, "2026-03-05T20:59", None),
        (NIGHT, "2026-03-05T21:00", "2026-03-06T08:00"),
        (NIGHT, "2026-03-06T07:59", "2026-03-06T08:00"),
        (NIGHT, "2026-03-06T08:00", None),
        (NIGHT, "2026-03-28T23:00", "2026-03-29T08:00"),
        (LUNCH, "2026-03-05T11:59", None),
        (LUNCH, "2026-03-05T12:00", "2026-03-05T13:30"),
        (LUNCH, "2026-03-05T13:30", None),
        (QuietHours(1, 0), "2026-12-31T23:59", "2027-01-01T00:00"),
    ],
)
def test_quiet_hours_end_on_the_wall_clock(hours, now, until):
    assert quiet_until(hours, at(now), PARIS) == (at(until) if until else 0)


def test_where_clocks_go_back_the_second_end_counts_for_who_is_behind_the_first():
    hours = QuietHours(2 * 60, 2 * 60 + 45)
    behind = at("2026-10-25T02:30", fold=1)
    assert quiet_until(hours, behind, PARIS) == at("2026-10-25T02:45", fold=1)


ZONES = [UTC, PARIS, *map(ZoneInfo, ("Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"))]


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00")),
    st.sampled_from(ZONES),
)
def test_whoever_waits_waits_for_less_than_a_day_and_a_shift(start, end, now, zone):
    until = quiet_until(QuietHours(start, end), now, zone)
    assert not until or now < until <= now + 26 * 3_600_000


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("21-8", "quiet_hours"),
        ({"from": "21:00"}, "quiet_hours"),
        ({"from": "21:00", "to": "08:00", "zone": "UTC"}, "quiet_hours"),
        ({"from": "9pm", "to": "08:00"}, "quiet_hours.from"),
        ({"from": "21:00", "to": "24:00"}, "quiet_hours.to"),
        ({"from": "21:00", "to": 8}, "quiet_hours.to"),
        ({"from": "21:00", "to": "21:00"}, "quiet_hours.to"),
    ],
)
def test_what_are_no_quiet_hours_is_named(value, field):
    with pytest.raises(Invalid) as fault:
        checked_quiet_hours(value)
    assert fault.value.field == field


def test_quiet_hours_as_a_team_gives_them():
    assert checked_quiet_hours(None) is None
    hours = checked_quiet_hours({"from": "21:05", "to": "08:00"})
    assert hours == QuietHours(21 * 60 + 5, 8 * 60)
    assert (clock(hours.start), clock(hours.end)) == ("21:05", "08:00")
