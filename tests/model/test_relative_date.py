from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import Contact
from chalicelib.model.filter import Condition
from chalicelib.model.predicate import predicate
from chalicelib.model.relative_date import Clock, is_anniversary, is_date, span
from chalicelib.model.setting import Setting

PARIS = ZoneInfo("Europe/Paris")


def milliseconds(text):
    return int(datetime.fromisoformat(text).timestamp() * 1_000)


def holds(operator, value, stored, now, zone=PARIS):
    condition = Condition("when", operator, value)
    ann = Contact("0" * 16, "a@example.com", {"when": stored})
    return predicate(condition, Setting(now=milliseconds(now), zone=zone))(ann)


ROWS = [
    # operator, value, stored, now, holds, why
    ("=", "today", "2026-03-29", "2026-03-28T23:30:00+00:00", True, "in Paris it is tomorrow already"),
    ("=", "today", "2026-03-28", "2026-03-28T23:30:00+00:00", False, "and no longer today"),
    ("=", "today", "2026-03-29T21:59:59Z", "2026-03-29T10:00:00+00:00", True, "a day of 23 hours ends at 22:00 UTC"),
    ("=", "today", "2026-03-29T22:00:00Z", "2026-03-29T10:00:00+00:00", False, "then it is tomorrow"),
    ("gt", "2026-03-28", "2026-03-28T23:00:00Z", "2026-03-29T10:00:00+00:00", True, "a written day is the zone's too"),
    ("=", "this week", "2026-11-23", "2026-11-29T12:00:00+00:00", True, "from Monday"),
    ("=", "this week", "2026-11-30", "2026-11-29T12:00:00+00:00", False, "to Sunday"),
    ("=", "last month", "2024-02-29", "2024-03-31T12:00:00+00:00", True, "a month's end in a leap year"),
    ("=", "-1 month", "2026-02-28", "2026-03-31T12:00:00+00:00", True, "no 31 February: the month's last"),
    ("=", "+1 year", "2025-02-28", "2024-02-29T12:00:00+00:00", True, "no 29 February either"),
    ("=", "next year", "2027-12-31", "2026-01-01T12:00:00+00:00", True, "to its last day"),
    (
        "gte",
        "3 hours ago",
        "2026-01-01T09:00:00Z",
        "2026-01-01T12:00:00+00:00",
        True,
        "hours are counted to the moment",
    ),
    ("gte", "3 hours ago", "2026-01-01T08:59:59Z", "2026-01-01T12:00:00+00:00", False, "not to the day"),
    ("gt", "+9999 years", "2026-01-01", "2026-01-01T12:00:00+00:00", False, "beyond the calendar"),
    ("gt", "-9999 years", "2026-01-01", "2026-01-01T12:00:00+00:00", True, "before it"),
    ("=", "TODAY", "2026-01-01", "2026-01-01T12:00:00+00:00", True, "in capitals"),
    ("=", "birthday", "1980-02-28", "2025-02-28T12:00:00+00:00", True, "a birthday"),
    ("=", "birthday", "1980-02-29", "2025-02-28T12:00:00+00:00", True, "29 February falls on the 28th without a 29th"),
    ("=", "birthday", "1980-02-29", "2025-03-01T12:00:00+00:00", False, "and not on 1 March"),
    ("=", "birthday", "1980-02-29", "2024-02-28T12:00:00+00:00", False, "but on the 29th where there is one"),
    ("=", "birthday", "1980-02-29", "2024-02-29T12:00:00+00:00", True, "on the very day"),
    ("=", "anniversary +7 days", "1980-01-03", "2025-12-27T12:00:00+00:00", True, "over the end of the year"),
    ("=", "birthday -1 day", "1980-12-26", "2025-12-27T12:00:00+00:00", True, "yesterday"),
    ("=", "birthday", "1980-12-26T23:30:00Z", "2025-12-27T12:00:00+00:00", True, "a moment's day is the zone's"),
    (
        "between",
        ["birthday -3 days", "birthday +3 days"],
        "1980-01-01",
        "2025-12-30T12:00:00+00:00",
        True,
        "within days",
    ),
    (
        "between",
        ["birthday -3 days", "birthday +3 days"],
        "1980-01-03",
        "2025-12-30T12:00:00+00:00",
        False,
        "beyond them",
    ),
    ("between", ["last month", "today"], "2025-11-01", "2025-12-30T12:00:00+00:00", True, "from a month's start"),
]


@pytest.mark.parametrize(("operator", "value", "stored", "now", "expected", "why"), ROWS, ids=[row[-1] for row in ROWS])
def test_judged_at_a_moment(operator, value, stored, now, expected, why):
    value = tuple(value) if isinstance(value, list) else value
    assert holds(operator, value, stored, now) is expected, why


@pytest.mark.parametrize("text", ["someday", "5 days", "+ 5 fortnights", "this day", "last birthday", "2026-02-30", ""])
def test_no_date(text):
    assert not is_date(text)
    assert span(text, Clock(0)) is None


@pytest.mark.parametrize(("text", "known"), [("Birthday +7 days", True), ("birthday +2 hours", False), ("bday", False)])
def test_anniversaries(text, known):
    assert is_anniversary(text) is known


@pytest.mark.parametrize("value", ["today", "-3 hours", "birthday"])
def test_without_a_moment_nothing_relative_is_compiled(value):
    with pytest.raises(ValueError, match="give `now`"):
        predicate(Condition("when", "=", value))


MOMENTS = st.integers(milliseconds("1950-01-01T00:00:00+00:00"), milliseconds("2150-01-01T00:00:00+00:00"))
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "Asia/Beirut"]).map(ZoneInfo)
PERIODS = st.sampled_from(["day", "week", "month", "year"])


@given(MOMENTS, ZONES, PERIODS)
def test_periods_follow_each_other_and_hold_now(now, zone, period):
    names = (
        ["yesterday", "today", "tomorrow"]
        if period == "day"
        else [f"{which} {period}" for which in ("last", "this", "next")]
    )
    last, this, following = (span(name, Clock(now, zone)) for name in names)
    assert last.end == this.start <= now * 1_000 < this.end == following.start


@given(st.integers(0, 9999), PERIODS, st.sampled_from("+-"), MOMENTS, st.datetimes().map(str) | st.dates().map(str))
def test_total(count, unit, sign, now, stored):
    """No distance and no stored date is too far."""
    text = f"{sign}{count} {unit}s"
    ann = Contact("0" * 16, "a@example.com", {"when": stored})
    setting = Setting(now=now, zone=PARIS)
    below, within, above = (predicate(Condition("when", name, text), setting)(ann) for name in ("lt", "=", "gt"))
    assert below + within + above <= 1
    assert predicate(Condition("when", "=", f"birthday {text}"), setting)(ann) in (True, False)
