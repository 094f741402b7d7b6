import pytest

from chalicelib.compose.completing import completed
from chalicelib.compose.mjml import converted
from chalicelib.compose.preparing import Prepared, prepared
from chalicelib.compose.source import Source
from chalicelib.model.email import MAX_HTML
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.processor_time import too_slow
from tests.compose.test_completing import WHOLE
from tests.compose.test_linear import PIECES, SIZE, TAILS

MJML = """<mjml><mj-head><mj-style%s>.x td{color:red}</mj-style></mj-head><mj-body><mj-section><mj-column>
<mj-table css-class="x"><tr><td>{unsubscribe_url}</td></tr></mj-table></mj-column></mj-section></mj-body></mjml>"""
LONGER = [
    *("<style>{{{", "<style>a{b:c}</style>", "<style>a{", "<style>'", "<p style='", "<p style=a:b>", "<div>", "<td>"),
    *("<b>", "<b><p>", "<a><table>", "<svg>", "<svg><title>", "<link rel=stylesheet>", "<html>", "<head>", "<title>"),
    *("<!--[if !mso]><!-->", "<![if a]>", "<meta a=b>", "<select>", "<template>", "{", "(", '<p style="(">', "\\'"),
]
STYLED = "<style>p,b,i,td,div{color:red;margin:0!important}</style>"


def test_where_nothing_is_missing_it_is_the_same():
    assert prepared(html=WHOLE, language="fr") == Prepared(WHOLE, ())


def test_a_letter_of_text_alone():
    assert prepared(language="fr", inline_css=True) == Prepared("", ())


def test_missing_things_come_first_so_that_rules_find_the_body():
    html = prepared(html="<style>body{margin:0}</style>x", inline_css=True).html
    assert '<body style="margin:0"><style>body{margin:0}</style>x</body>' in html


def test_css_is_inlined_where_it_is_asked_for():
    html = "<style>p{color:red}</style>\n<p>x</p>"
    assert '<p style="color:red">' in prepared(html=html, inline_css=True).html
    assert "<p>x" in prepared(html=html).html


def test_cautions_name_the_authors_line():
    cautions = prepared(html='<p>\n<link rel="stylesheet" href="x.css">', inline_css=True).cautions
    assert [(each.where, each.message) for each in cautions] == [
        ("html, line 2, column 1", "The style sheet x.css is not inlined: nothing is loaded.")
    ]


def test_mjml_stands_in_for_html():
    html = prepared(html="not this", mjml=MJML % "", language="pt_BR").html
    assert html.startswith("<!doctype html>")
    assert 'lang="pt-BR" dir="ltr"' in html
    assert "<title>{subject}</title>" in html
    assert "<td>{unsubscribe_url}</td>" in html
    assert "not this" not in html


def test_mjml_says_which_styles_it_wants_inline():
    assert 'color:red">{unsubscribe_url}</td>' in prepared(mjml=MJML % ' inline="inline"').html


def test_sizes():
    with pytest.raises(TooLarge, match=f"html has {MAX_HTML + 1} bytes; {MAX_HTML} are possible"):
        prepared(html="x" * (MAX_HTML + 1))
    with pytest.raises(TooLarge, match="The HTML with its CSS inlined has"):
        prepared(html="<style>p{a:" + "x" * 5_000 + "}</style>" + "<p>" * 1_000, inline_css=True)


@pytest.mark.parametrize("name", ["html", "mjml"])
def test_half_characters_are_refused(name):
    with pytest.raises(Invalid, match=f"{name}: .*lone surrogate"):
        prepared(**{name: "x\ud800"})


def test_a_language_is_one():
    with pytest.raises(Invalid, match="language: 'x y' cannot be taken"):
        prepared(html="x", language="x y")


def repeated(piece: str, size: int) -> str:
    return piece * (size // len(piece))


@pytest.mark.parametrize("piece", ['<a "', "<!--[if", "<<<<", "<style>{{{", "<div>"])
def test_a_hundred_kilobytes_are_quick(piece):
    html = repeated(piece, SIZE)
    assert not too_slow(0.05, lambda: completed(html, "ar"))
    assert not too_slow(0.3, lambda: prepared(html=STYLED + html, inline_css=True))


@pytest.mark.parametrize("piece", PIECES + LONGER)
def test_a_hundred_kilobytes_of_anything_are_no_matter_of_seconds(piece):
    for tail in TAILS:
        html = STYLED + repeated(piece, SIZE) + tail
        assert not too_slow(0.9, lambda html=html: prepared(html=html, inline_css=True), 2), tail


@pytest.mark.parametrize(
    "piece", [*PIECES, *LONGER, "<mj-text>", "</mj-text>", "<!-- -->", "<mj-text a='", "<mj-raw/>"]
)
@pytest.mark.parametrize(
    "around",
    [
        ("", ""),
        ("<mjml><mj-body>", ""),
        ("<mjml><mj-body><mj-raw>", "</mj-raw></mj-body></mjml>"),
        ("<mjml a='", "'/>"),
    ],
)
def test_mjml_is_quick(piece, around):
    source = Source("mjml", around[0] + repeated(piece, SIZE) + around[1])
    assert not too_slow(0.2, lambda: converted(source, "fr"))
