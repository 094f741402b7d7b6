import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.errors import Invalid
from chalicelib.model.searching import MAX_KEY, MAX_TYPED, checked_start, folded


@given(st.text("aAzZ 09.@-\t", max_size=120))
def test_plain_letters_fold_as_all_others_do(text):
    spelt = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    assert folded(text) == " ".join(spelt.split())[:MAX_KEY]


@given(st.text(max_size=120))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("typed", ["@example.com", " @Example.com"])
def test_a_domain_is_told_of_the_filter_that_finds_it(typed):
    with pytest.raises(Invalid, match="search") as refused:
        checked_start(typed)
    assert "email ends with '@example.com'" in refused.value.hint


@pytest.mark.parametrize("typed", ["", "  ", "\u0301", "a" * (MAX_TYPED + 1)])
def test_nothing_and_too_much_are_refused(typed):
    with pytest.raises(Invalid, match="search"):
        checked_start(typed)
