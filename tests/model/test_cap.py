"""Frequency caps: calendar periods in a person's own zone, and whose rule goes first."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.cap import (
    MOST,
    PERIODS,
    Cap,
    Recent,
    Sent,
    caps_of,
    checked_caps,
    may_bind,
    over_until,
    since,
)
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.preference import Preferences

PARIS, SAMOA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Apia")
NEWS, OFFERS = "n" * 16, "o" * 16
ANN = Contact("0" * 16, "ann@example.com")
HOUR = 3_600_000


def at(text: str, zone=UTC) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1_000)


def shown(moment: int, zone=UTC) -> str:
    return datetime.fromtimestamp(moment / 1_000, zone).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("per", "sent", "now", "until", "why"),
    [
        ("day", "2026-03-04T23:59", "2026-03-05T00:00", None, "yesterday does not count"),
        ("day", "2026-03-05T00:00", "2026-03-05T09:30", "2026-03-06T09:30", "tomorrow at this time of day"),
        ("day", "2026-03-28T09:00", "2026-03-28T10:00", "2026-03-29T10:00", "on the clock: a day of 23 hours"),
        ("week", "2026-03-01T23:59", "2026-03-02T00:00", None, "a week begins on Monday"),
        ("week", "2026-03-02T00:00", "2026-03-08T18:00", "2026-03-09T18:00", "the next Monday"),
        ("month", "2026-01-31T23:59", "2026-02-01T00:00", None, "last month does not count"),
        ("month", "2026-01-02T09:00", "2026-01-31T07:15", "2026-02-01T07:15", "the first of the next"),
        ("month", "2026-12-31T09:00", "2026-12-31T10:00", "2027-01-01T10:00", "over the year's end"),
    ],
)
def test_a_period_is_the_calendars(per, sent, now, until, why):
    found = over_until([Cap(1, per)], [Sent(at(sent, PARIS), "")], at(now, PARIS), PARIS)
    assert (shown(found, PARIS) if found else None) == until, why


def test_a_day_is_the_persons_own():
    now = at("2026-03-05T11:30")
    sent = [Sent(at("2026-03-05T10:30"), "")]
    assert over_until([Cap(1, "day")], sent, now, UTC)
    assert not over_until([Cap(1, "day")], sent, now, SAMOA), "in Apia midnight lies between"


def test_the_longest_of_the_caps_that_are_reached_decides():
    now, sent = at("2026-03-05T09:00"), [Sent(at("2026-03-05T08:00"), ""), Sent(at("2026-03-03T08:00"), "")]
    assert shown(over_until([Cap(1, "day"), Cap(2, "week"), Cap(9, "month")], sent, now, UTC)) == "2026-03-09T09:00"


def test_a_cap_on_a_category_counts_its_letters_alone():
    now, sent = at("2026-03-05T09:00"), [Sent(at("2026-03-05T08:00"), OFFERS)]
    assert not over_until([Cap(1, "day", NEWS)], sent, now, UTC)
    assert over_until([Cap(1, "day", OFFERS)], sent, now, UTC)
    assert over_until([Cap(1, "day")], sent, now, UTC), "a cap on all letters counts it too"


def test_a_persons_own_rule_goes_before_the_general_ones_and_not_before_a_categorys():
    caps = (Cap(3, "day"), Cap(9, "month"), Cap(1, "week", NEWS), Cap(2, "week", OFFERS))
    assert caps_of(ANN, caps, NEWS) == (Cap(3, "day"), Cap(9, "month"), Cap(1, "week", NEWS))
    assert caps_of(ANN, caps, "") == (Cap(3, "day"), Cap(9, "month"))
    wish = replace(ANN, preferences=Preferences(most_per_week=5))
    assert caps_of(wish, caps, NEWS) == (Cap(5, "week"), Cap(1, "week", NEWS))
    assert caps_of(wish, (), "") == (Cap(5, "week"),)


MOMENT = st.integers(at("2026-01-01T00:00"), at("2027-12-31T00:00"))
ZONE = st.sampled_from([UTC, PARIS, SAMOA, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe")])
CAPS = st.lists(st.builds(Cap, st.integers(1, 3), st.sampled_from(PERIODS), st.sampled_from(["", NEWS])), max_size=4)


@given(CAPS, st.lists(st.tuples(st.integers(0, 70 * 24), st.sampled_from(["", NEWS])), max_size=8), MOMENT, ZONE)
def test_whoever_waits_until_then_is_over_none_of_these_caps(caps, sent, now, zone):
    letters = [Sent(now - hours * HOUR, category) for hours, category in sent]
    until = over_until(caps, letters, now, zone)
    assert not until or until > now
    assert not over_until(caps, letters, until or now, zone) or not until
    # what lies before `since` counts for none, and a family is needed for every letter
    counted = [each for each in letters if each.at >= since(caps, now, zone)]
    assert over_until(caps, counted, now, zone) == until
    families = [Recent(str(n), each.category, each.at) for n, each in enumerate(letters)]
    assert not until or may_bind(caps, families, now, zone)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("3 a week", "caps"),
        ([{"most": 1, "per": "day"}] * 21, "caps"),
        ([{"most": 1}], "caps[0]"),
        ([{"most": 1, "per": "day", "zone": "UTC"}], "caps[0]"),
        ([{"most": 0, "per": "day"}], "caps[0].most"),
        ([{"most": True, "per": "day"}], "caps[0].most"),
        ([{"most": MOST + 1, "per": "day"}], "caps[0].most"),
        ([{"most": 1, "per": "hour"}], "caps[0].per"),
        ([{"most": 1, "per": ["day"]}], "caps[0].per"),
        ([{"most": 1, "per": "day", "category": "news"}], "caps[0].category"),
        ([{"most": 1, "per": "day"}, {"most": 2, "per": "day", "category": None}], "caps[1]"),
    ],
)
def test_what_is_no_cap_is_named(value, field):
    with pytest.raises(Invalid) as fault:
        checked_caps(value)
    assert fault.value.field == field


def test_caps_as_a_team_gives_them():
    given_ = [{"most": 3, "per": "week"}, {"most": 1, "per": "week", "category": NEWS}]
    assert checked_caps(given_) == (Cap(3, "week"), Cap(1, "week", NEWS))
