"""Wall clocks: gaps and overlaps of daylight saving, hours that are gone, each recipient's own."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.best_hour import best_hour
from chalicelib.model.errors import Invalid
from chalicelib.model.schedule import Schedule, begins_at, due_at, instant, is_gone, wall_clock
from chalicelib.model.zones import epoch_ms, moment_at

HOUR = 3_600_000
ZONES = (
    "Europe/Paris",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
)


def ms(text: str) -> int:
    return epoch_ms(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Paris", "2026-06-01T09:00", "2026-06-01T07:00Z"),
        ("Europe/Paris", "2026-01-01T09:00", "2026-01-01T08:00Z"),
        # the gap: clocks go from 02:00 to 03:00
        ("Europe/Paris", "2026-03-29T01:59", "2026-03-29T00:59Z"),
        ("Europe/Paris", "2026-03-29T02:00", "2026-03-29T01:00Z"),
        ("Europe/Paris", "2026-03-29T02:30", "2026-03-29T01:30Z"),
        ("Europe/Paris", "2026-03-29T03:00", "2026-03-29T01:00Z"),
        # the overlap: clocks go from 03:00 to 02:00, and the first of the two is meant
        ("Europe/Paris", "2026-10-25T02:30", "2026-10-25T00:30Z"),
        ("Europe/Paris", "2026-10-25T03:00", "2026-10-25T02:00Z"),
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30Z"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z"),
        # half an hour, and a zone that is 45 minutes off
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z"),
        ("Asia/Kathmandu", "2026-06-01T09:00", "2026-06-01T03:15Z"),
    ],
)
def test_gaps_and_overlaps(zone: str, local: str, utc: str) -> None:
    assert instant(datetime.fromisoformat(local), ZoneInfo(zone)) == ms(utc)


FIRST, LAST = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2036-12-31")
LOCAL = st.datetimes(FIRST, LAST).map(lambda each: each.replace(second=0, microsecond=0))


@given(LOCAL, st.sampled_from(ZONES))
def test_the_clock_shows_the_time_that_was_asked_for_unless_it_is_in_a_gap(local: datetime, zone: str) -> None:
    shown = moment_at(instant(local, ZoneInfo(zone)), ZoneInfo(zone))
    if shown.replace(tzinfo=None) != local:
        before = moment_at(epoch_ms(shown) - 25 * HOUR, ZoneInfo(zone))
        assert timedelta(0) < shown.replace(tzinfo=None) - local <= timedelta(hours=24), "later, never earlier"
        assert shown.utcoffset() != before.utcoffset(), "the clocks went forward"
    else:
        assert shown.fold == 0, "the first of two"


@given(LOCAL, st.sampled_from(ZONES), st.integers(-30, 30), st.sampled_from(["now", "next_day"]))
def test_a_local_hour_is_that_hour_on_the_recipients_clock_and_never_in_the_past(
    local: datetime, zone: str, hours: int, if_gone: str
) -> None:
    schedule = Schedule(local.isoformat(timespec="minutes"), "Europe/Paris", "local", if_gone)  # type: ignore[arg-type]
    now = instant(local, UTC) + hours * HOUR
    due = due_at(schedule, ZoneInfo(zone), None, now)
    own = instant(local, ZoneInfo(zone))
    assert begins_at(schedule) <= own
    assert due == 0 or due > now
    if own > now:
        assert due == own
    elif if_gone == "now":
        assert due == 0
    elif due == 0:
        assert is_at(now, zone, local.hour, local.minute), "it is that time of the day right now"
    else:
        assert now < due <= now + 49 * HOUR
        assert is_at(due, zone, local.hour, local.minute)


@given(LOCAL, st.sampled_from(ZONES), st.one_of(st.none(), st.integers(0, 23)), st.integers(-48, 2))
def test_a_best_hour_comes_within_a_day_of_the_beginning(
    local: datetime, zone: str, hour: int | None, hours: int
) -> None:
    schedule = Schedule(local.isoformat(timespec="minutes"), "America/New_York", "best_hour")
    begins = begins_at(schedule)
    now = begins + hours * HOUR
    due = due_at(schedule, ZoneInfo(zone), hour, now)
    wanted = (local.hour, local.minute) if hour is None else (hour, 0)
    if due:
        assert max(begins, now) <= due <= max(begins, now) + 49 * HOUR
        assert is_at(due, zone, *wanted)


def is_at(due: int, zone: str, hour: int, minute: int) -> bool:
    """Whether that clock shows it, or (in a gap) what stands for it."""
    shown = moment_at(due, ZoneInfo(zone))
    asked = shown.replace(hour=hour, minute=minute, fold=0)
    return (shown.hour, shown.minute) == (hour, minute) or shown != asked


def test_who_has_no_zone_is_where_the_schedule_hangs() -> None:
    schedule = Schedule("2026-06-01T09:00", "Europe/Paris", "local")
    assert due_at(schedule, None, None, 0) == ms("2026-06-01T07:00Z")
    assert begins_at(schedule) == ms("2026-05-31T19:00Z"), "morning comes to Kiritimati first"
    assert not is_gone(schedule, ms("2026-06-01T20:59Z"))
    assert is_gone(schedule, ms("2026-06-01T21:00Z")), "and last to the ocean west of Hawaii"


@pytest.mark.parametrize("text", ["tomorrow", "2026-06-01T09:00Z", "2026-06-01T09:00:30", ""])
def test_what_is_no_wall_clock(text: str) -> None:
    with pytest.raises(Invalid, match="at"):
        wall_clock(text, "at")


def test_the_best_hour_is_where_most_openings_are() -> None:
    paris = ZoneInfo("Europe/Paris")
    at = [ms(f"2026-06-0{day}T07:1{day}Z") for day in range(1, 5)] + [ms("2026-06-05T18:00Z")]
    assert best_hour(at, paris) == 9
    assert best_hour(at[:2], paris) is None, "two say nothing about a habit"
    around = [ms(f"2026-06-0{day + 1}T{hour:02}:00Z") for day, hour in enumerate((6, 7, 8, 20, 21))]
    assert best_hour(around, UTC) == 7, "hours beside each other count for the one between"


@given(st.lists(st.integers(0, 4_000_000_000_000), max_size=40), st.sampled_from(ZONES))
def test_a_best_hour_is_an_hour(openings: list[int], zone: str) -> None:
    hour = best_hour(openings, ZoneInfo(zone))
    assert (hour is None) == (len(openings) < 3)
    assert hour is None or 0 <= hour < 24
