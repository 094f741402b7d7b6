from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.model.comparing import WITHIN, falling
from chalicelib.model.contact import Contact
from chalicelib.model.filter import All, Any, Condition, Not
from chalicelib.model.inlined import FUNCTION, SIGNS, Expression, called, function, joined, negated
from chalicelib.model.predicate import FITS, predicate
from chalicelib.model.relative_date import Clock, Span, day_of, instant
from chalicelib.model.setting import Setting

NOW = 1_795_492_800_000
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Paris", "Pacific/Apia", "America/Havana", "Asia/Kathmandu")]
DAYS = st.dates().map(str)
MOMENTS = st.datetimes().map(lambda each: f"{each.isoformat()}Z")
TEXT = st.sampled_from(["pro", "PRO", "ß", "ẞ", "e\u0301", "É", "5", "5.0", " 5", "2026-W48-2", "true"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=4
)
HELD = st.one_of(
    st.none(), TEXT, st.integers(-9, 9), st.floats(-9, 9), st.booleans(), DAYS, MOMENTS,
    st.lists(TEXT, max_size=3).map(tuple),
)  # fmt: skip
NUMBERS = st.integers(-9, 9) | st.floats(-9, 9) | st.sampled_from(["5", "-1.5"])
WHEN = DAYS | MOMENTS | st.sampled_from(["today", "last month", "-3 hours"])
ASKED = NUMBERS | WHEN | st.booleans() | TEXT.filter(bool)
CONDITIONS = st.one_of(
    st.tuples(st.just("="), ASKED | st.just("birthday")),
    st.tuples(st.just("in"), st.lists(ASKED, min_size=1, max_size=3).map(tuple)),
    st.tuples(st.sampled_from(sorted(SIGNS)), NUMBERS | WHEN),
    st.tuples(st.just("between"), st.tuples(NUMBERS, NUMBERS) | st.tuples(WHEN, WHEN)),
    st.tuples(st.sampled_from(["contains", "startsWith", "endsWith", "like"]), TEXT.filter(bool)),
    st.tuples(st.just("empty"), st.none()),
)


@given(CONDITIONS, HELD, st.sampled_from(ZONES))
@example(("=", "5"), 5, ZONES[0])
@example(("lt", "2026-12-31"), "2026-W48-2", ZONES[0])
@example(("=", True), 1, ZONES[0])
@example(("startsWith", "ẞ"), "strasse", ZONES[0])
def test_what_is_written_out_says_what_the_function_of_all_types_says(asked, held, zone):
    operator, value = asked
    person = Contact("0" * 16, "ann@example.com", {"held": held})
    holds = predicate(Condition("held", operator, value), Setting(now=NOW, zone=zone))
    assert holds(person) is bool(FITS[operator](value, Clock(NOW, zone))(held))


@given(st.sampled_from(sorted(WITHIN)), DAYS, DAYS | MOMENTS, st.sampled_from(ZONES))
@example("lt", "0001-01-01", "0001-01-01", ZONES[1])
@example("gt", "9999-12-31", "9999-12-31", ZONES[1])
@example("gte", "2011-12-31", "2011-12-30", ZONES[2])
def test_a_text_falls_where_its_moment_lies(name, wanted, text, zone):
    start = instant(wanted, zone)
    span = WITHIN[name](Span(start, start + 86_400_000_000))
    assert falling(span, Clock(NOW, zone))(text) is (span.start <= instant(text, zone) < span.end)


@pytest.mark.parametrize(
    "text", ["2026-W48-2", "2026-02-30", "2026-1-015", "20261124--", "\uff12\uff1026-11-2", "1999-12-0x"]
)
def test_what_only_looks_like_a_day_falls_nowhere(text):
    assert day_of(text) is None
    assert not falling(WITHIN["lt"](Span(1 << 80, 1 << 80)), Clock(NOW))(text)


HOSTILE = "'); __import__('os').abort() #{k0}\\\n\"\"\""


def test_nothing_that_a_user_wrote_becomes_part_of_the_function(monkeypatch):
    sources = []
    monkeypatch.setattr("chalicelib.model.inlined._maker", lambda source: sources.append(source) or (lambda *_: None))
    for value in (HOSTILE, "pro"):
        parts = [Condition("plan", name, value) for name in ("=", "!=", "contains", "startsWith", "endsWith", "like")]
        parts += [Condition("plan", "in", (value, value + "x")), Condition("segment", "=", value)]
        predicate(Any((All(tuple(parts)), Not(parts[0]))))
    assert sources[0] == sources[1]
    assert set(sources[0]) <= set(FUNCTION) | set(",0123456789'<>=!_abcdefghijklmnopqrstuvwxyzN")


def test_the_cheap_ones_are_judged_first_and_no_more_than_needed():
    asked = []

    def part(name, answer, cost):
        return called(lambda _: asked.append(name) or answer, cost)

    dear, cheap, between = part("dear", True, 9), part("cheap", False, 1), part("between", True, 5)
    person = Contact("0" * 16, "ann@example.com")
    assert function(joined("and", [dear, cheap]))(person) is False
    assert function(joined("or", [dear, negated(cheap), between]))(person) is True
    assert asked == ["cheap", "cheap"]
    assert function(joined("and", [dear, between]))(person) is True
    assert asked[2:] == ["between", "dear"]


def test_an_expression_has_its_constants_in_their_order():
    whole = joined("and", [Expression("{} < {}", (1, 2), 3), Expression("{} == {}", ("a", "a"), 2)])
    assert whole == Expression("({} == {} and {} < {})", ("a", "a", 1, 2), 5)
