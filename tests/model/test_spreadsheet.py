import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.spreadsheet import STARTS, defused, restored

CELLS = [
    ("=1+1", "'=1+1", "a formula"),
    ("@SUM(A1)", "'@SUM(A1)", "a function of Lotus"),
    ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0", "DDE"),
    ("-2+3", "'-2+3", "a sum that begins with a sign"),
    ("\t=1", "'\t=1", "behind a tab"),
    ("+33 1 23 45", "+33 1 23 45", "a telephone number"),
    ("-1.5", "-1.5", "a number"),
    ("-", "'-", "a sign alone"),
    ("Ann", "Ann", "text"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "written", "why"), CELLS, ids=[row[-1] for row in CELLS])
def test_defused(text, written, why):
    assert defused(text) == written, why
    assert restored(written) == text


@given(st.text() | st.builds("".join, st.tuples(st.sampled_from(STARTS), st.text())))
def test_what_was_defused_comes_back(text):
    assert restored(defused(text)) == text or text.startswith("'")
    assert not defused(text).startswith(("=", "@", "\t", "\r"))
