"""Style sheets that a theme links to come along in the letter."""

import pytest

from chalicelib.compose.themes.sheets import MAX_CSS, styled
from tests.compose.themes.rendered import sheet

FILES = {"css/a.css": b"p{background:url(../img/a.png)} q{background:url('img/b.png')}", "html/b.css": b"b{color:red}"}
ASSETS = {"img/a.png": "https://f.example/1/a.png", "img/b.png": "https://f.example/1/b.png"}


def made(html: str, files=FILES) -> tuple[str, list]:
    return styled(html, "spring", files, ASSETS)


@pytest.mark.parametrize(
    "href", ["css/a.css", "./css/a.css", "../css/a.css", "themes/spring/css/a.css", "@themes/spring/css/a.css?v=2"]
)
def test_its_rules_take_the_place_of_the_link(href):
    html, missing = made(f'<head><link rel="stylesheet" href="{href}" media="screen"></head>')
    rules = "p{background:url(https://f.example/1/a.png)} q{background:url('https://f.example/1/b.png')}"
    assert (html, missing) == (f'<head><style media="screen">{rules}</style></head>', [])


@pytest.mark.parametrize(
    ("link", "files", "why"),
    [
        ("<link rel=stylesheet href=css/none.css>", FILES, "css/none.css: The theme does not have it."),
        ("<link rel=stylesheet href=css/a.css>", {"css/a.css": b"</style><script>"}, "It has </style or --> in it"),
        ("<link rel=stylesheet href=css/a.css>", {"css/a.css": b"\xff"}, "It cannot be read as a style sheet."),
        ("<link rel=stylesheet href=css/a.css>", {"css/a.css": b" " * (MAX_CSS + 1)}, f"more than {MAX_CSS} bytes"),
    ],
)
def test_what_cannot_come_along_is_named_with_its_line(link, files, why):
    html, [(line, message, mend)] = made(f"\n\n{link}", files)
    assert (html, line) == (f"\n\n{link}", 3)
    assert why in message
    assert mend.startswith("Put its rules into a <style> element")


@pytest.mark.parametrize(
    "link", ['<link rel="stylesheet" href="https://x.example/a.css">', '<link rel="icon" href="css/a.css">']
)
def test_other_links_stay(link):
    assert made(link) == (link, [])


def test_a_template_may_ask_for_the_address_of_a_sheet():
    source = "<link rel='stylesheet' href=\"{{ getAssetUrl('themes/'~template~'/html/b.css') }}\">"
    found = sheet(source, {"html/b.css": "b{color:red}"})
    assert (found.text, found.cautions) == ("<style>b{color:red}</style>", ())
