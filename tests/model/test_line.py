import pytest

from chalicelib.model.errors import Invalid
from chalicelib.model.line import line, lines


def test_blanks_around_go_and_line_ends_are_one():
    assert line("  Ann B. ", "name", 10) == "Ann B."
    assert line("", "name", 10) == ""
    assert lines(" a\r\nb\rc\n", "address", 10) == "a\nb\nc"


REFUSED = [
    (line, 5, "a number"),
    (line, "x" * 11, "too long"),
    (line, "a\nb", "two lines"),
    (line, "a\u2028b", "a line separator"),
    (line, "a\x00", "a control character"),
    (line, "\ud800", "half a character"),
    (lines, None, "nothing"),
    (lines, "x" * 11, "too long a text"),
    (lines, "a\x00", "NUL"),
    (lines, "\ud800", "half a character in a text"),
]


@pytest.mark.parametrize(("check", "value", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(check, value, why):
    with pytest.raises(Invalid) as caught:
        check(value, "name", 10)
    assert caught.value.field == "name", why


def test_what_is_needed():
    with pytest.raises(Invalid):
        line("  ", "name", 10, needed=True)
