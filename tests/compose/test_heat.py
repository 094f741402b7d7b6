from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.heat import without_ways

LETTER = (
    '<html><head><title>x</title></head><body><a href="https://m.example/c/tok-en/0">one</a>'
    '<A class="b" HREF=\'https://m.example/c/tok-en/7?u=a&amp;s=b\'>seven</A> <a href="https://m.example/u/tok-en">leave</a>'
    '<area href="https://m.example/c/tok-en/1"></body></html>'
)


def test_no_link_leads_anywhere():
    assert "m.example" not in without_ways(LETTER)
    assert without_ways(LETTER).count('href="#"') == 3
    assert "data-heat" not in without_ways(LETTER)


def test_each_tracked_link_shows_its_own_people():
    html = without_ways(LETTER, {0: 10, 7: 3})
    assert '<a data-heat="5" href="#">one<span class="envoi-heat">10</span></a>' in html
    assert '<A data-heat="2" class="b" HREF=\'#\'>seven<span class="envoi-heat">3</span></A>' in html
    assert '<a href="#">leave</a>' in html
    assert html.index("<style>") > html.index("<html>")


def test_a_link_that_nobody_followed():
    assert '<a data-heat="0" href="#">one<span class="envoi-heat">0</span></a>' in without_ways(LETTER, {})


@settings(deadline=None)
@given(
    st.text(alphabet="<a href=\"/>c0 '", max_size=80),
    st.dictionaries(st.integers(0, 9), st.integers(0, 99), max_size=3),
)
def test_whatever_was_written_it_is_shown(html, clicks):
    assert isinstance(without_ways(html, clicks), str)
