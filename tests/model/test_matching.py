import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.matching import like, regexp


def plainly(pattern, text):
    """LIKE by its definition, one character after the other."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return plainly(pattern[1:], text) or (bool(text) and plainly(pattern, text[1:]))
    literal = pattern[0] == "\\" and len(pattern) > 1
    sign, rest = (pattern[1], pattern[2:]) if literal else (pattern[0], pattern[1:])
    return bool(text) and (sign == text[0] or (sign == "_" and not literal)) and plainly(rest, text[1:])


@given(st.text("ab%_\\", max_size=8), st.text("ab%_\\", max_size=8))
def test_like_is_what_sql_says(pattern, text):
    assert like(pattern)(text) is plainly(pattern, text)


@given(st.text("ab.", max_size=5), st.text("ab\n", max_size=8))
def test_regexp_searches(pattern, text):
    assert regexp(pattern)(text) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(.*)*(.*)*(.*)*b", "(?:a?){250}a{250}b", "(a{1,30}){1,30}b", "(a|b|ab)*c"]
)
def test_no_pattern_runs_away(pattern):
    """Python's own `re` needs longer than a life for most of these; the bound is a hundred times what RE2 needs."""
    search, before = regexp(pattern), process_time()
    search("a" * 1_000 + "!")
    assert process_time() - before < 1.5


def test_no_like_runs_away():
    fits, before = like("%a" * 400 + "%b"), process_time()
    assert not fits("a" * 1_000)
    assert process_time() - before < 0.5


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "a{2000}", "[z-a]", r"(\pL{100}){100}"])
def test_what_re2_does_not_take(pattern):
    with pytest.raises(ValueError, match=r"."):
        regexp(pattern)


def test_half_a_character_is_no_fault():
    assert not regexp("a")("\ud800")
