"""Letters in a light and a dark mail program."""

import pytest

from chalicelib.compose.in_scheme import ALWAYS, NEVER, in_scheme

LETTER = "<html><head><style>@media (prefers-color-scheme:dark){p{color:#fff}}</style></head><body></body></html>"


@pytest.mark.parametrize(("scheme", "answer"), [("light", NEVER), ("dark", ALWAYS)])
def test_the_question_is_answered(scheme, answer):
    assert f"@media {answer}{{p" in in_scheme(LETTER, scheme)


def test_so_is_the_other_one_wherever_it_stands():
    text = '<picture><source media="screen and ( Prefers-Color-Scheme : light )" srcset="a"></picture>'
    assert NEVER in in_scheme(text, "dark")
    assert ALWAYS in in_scheme(text, "light")


def test_the_ground_is_dark_where_the_letter_says_that_it_can_be():
    aware = LETTER.replace("<style>", '<meta name="color-scheme" content="light dark"><style>')
    assert "color-scheme: only dark" in in_scheme(aware, "dark")
    assert "color-scheme: only light" in in_scheme(LETTER, "dark")
    assert "color-scheme: only light" in in_scheme(aware, "light")


def test_a_letter_without_a_head_stays_as_it_is():
    assert in_scheme("<p>Hello</p>", "dark") == "<p>Hello</p>"
