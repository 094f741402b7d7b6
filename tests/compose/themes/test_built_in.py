"""The themes that come with Envoi, as they are without any value: letters that one would send."""

import re
from functools import cache
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.mjml import converted
from chalicelib.compose.source import Source
from chalicelib.compose.themes.brand import cautions, companions
from chalicelib.compose.themes.built_in import FOLDER, NAMES, SHARED, files_of
from chalicelib.compose.themes.reading import theme_of
from chalicelib.compose.themes.rendering import Order, Sheet, rendered
from tests.compose.making import made
from tests.compose.themes.contrast import Text, texts
from tests.compose.themes.rendered import NOW

LEAST = 4.5
# Those that are MJML, for the builder.
BLOCKS = ("stories", "hello")
HTML = tuple(name for name in NAMES if name not in BLOCKS)
BRAND = {"brand": "#112233", "brand_text": "#ffeedd", "brand_dark": "#ccddee", "company": "Oak & <Fennel>"}


@cache
def letter(name: str, **values) -> Sheet:
    theme = theme_of(name, files_of(name), built_in=True)
    return rendered(Order(name, theme.entry, files_of(name), values, {}, NOW))


def test_the_folders_are_the_themes():
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} - {"__pycache__"} == {*NAMES, SHARED}


def test_a_pale_grey_on_white_would_be_seen():
    assert Text("x", "#aaaaaa", "#ffffff").ratio < LEAST < Text("x", "#5a606a", "#ffffff").ratio
    assert round(Text("x", "#000000", "#ffffff").ratio, 2) == 21


@pytest.mark.parametrize("name", HTML)
class TestEachTheme:
    def test_it_compiles_without_a_warning(self, name):
        sheet = letter(name)
        assert (sheet.format, sheet.cautions) == ("html", ())
        kind = "template" if name == "receipt" else "segment"
        assert made(html=sheet.text, kind=kind).warnings == ()

    @pytest.mark.parametrize("dark", [False, True])
    def test_every_text_can_be_read(self, name, dark):
        found = texts(letter(name).text, dark=dark)
        assert len(found) > 8
        assert [each for each in found if each.ratio < LEAST] == []

    def test_dark_is_another_look(self, name):
        light, dark = (texts(letter(name).text, dark=dark) for dark in (False, True))
        assert [each.words for each in light] == [each.words for each in dark]
        assert sum(a.behind != b.behind for a, b in zip(light, dark, strict=True)) > len(light) / 2

    def test_what_every_mail_needs_is_in_it(self, name):
        html = letter(name).text
        assert html.startswith("<!doctype html>")
        for needed in (
            "{unsubscribe_text}",
            "{webview_text}",
            "{contactfield=firstname",
            "1 Example Street",
            "{subject}",
        ):
            assert needed in html, needed
        assert html.count('class="preheader"') == 1
        assert 'name="color-scheme" content="light dark"' in html
        assert "@media (max-width: 620px)" in html
        assert len(html.encode()) < 40_000

    def test_readers_of_screens_find_their_way(self, name):
        page = LexborHTMLParser(letter(name).text)
        assert page.css_first("html").attributes["lang"] == "en"
        headings = [int(each.tag[1]) for each in page.css("h1, h2, h3, h4")]
        assert headings.count(1) == (0 if name == "letter" else 1)
        assert headings[:1] in ([], [1])
        assert all(after - before <= 1 for before, after in pairwise(headings))
        plain = [table for table in page.css("table") if table.attributes.get("role") != "presentation"]
        assert all(table.css("th[scope]") for table in plain)
        assert all("alt" in image.attributes for image in page.css("img"))
        assert all(link.text().strip() for link in page.css("a"))

    def test_nothing_is_fetched_from_elsewhere(self, name):
        assert not re.search(r"<img|<link|@import|url\(|<script", letter(name).text)

    def test_values_take_the_place_of_the_defaults(self, name):
        html = letter(name, **BRAND, logo="https://f.example/logo.png").text
        assert "Oak &amp; &lt;Fennel&gt;" in html
        assert "<Fennel>" not in html
        assert "#112233" in html or name == "letter"
        assert "#ccddee" in html
        pictures = LexborHTMLParser(html).css("img")
        assert len(pictures) == (0 if name == "letter" else 1)
        assert all(each.attributes["alt"] == "Oak & <Fennel>" for each in pictures)

    def test_it_takes_values_that_all_have_defaults(self, name):
        values = letter(name).values
        assert {"brand", "brand_text", "brand_dark", "company", "address", "preheader", "reason"} <= values.keys()
        assert None not in values.values()

    def test_it_has_a_picture(self, name):
        thumbnail = files_of(name)["thumbnail.png"]
        assert thumbnail.startswith(b"\x89PNG")
        assert len(thumbnail) < 60_000


@pytest.mark.parametrize("name", BLOCKS)
class TestEachThemeOfBlocks:
    def test_it_compiles_without_a_warning(self, name):
        sheet = letter(name)
        assert (sheet.format, sheet.cautions) == ("mjml", ())
        assert theme_of(name, files_of(name), built_in=True).format == "mjml", "the gallery says so"
        assert made(html=made_of(sheet)).warnings == ()

    @pytest.mark.parametrize("brand", ["#ffee00", "#ffffff", "#000000", "#808080", "#7fffd4", None])
    def test_every_text_can_be_read_light_and_dark_in_every_colour(self, name, brand):
        values = {"brand": brand, **companions({"brand": brand})} if brand else {}
        html = made_of(letter(name, **values))
        assert list(cautions(html, values)) == []
        assert html.count("#f4f2ef") == 1, "a rule for the dark"

    def test_what_every_mail_needs_is_in_it(self, name):
        html = made_of(letter(name))
        for needed in (
            "{unsubscribe_text}",
            "{webview_text}",
            "{contactfield=firstname",
            "1 Example Street",
            "{subject}",
        ):
            assert needed in html, needed
        page = LexborHTMLParser(html)
        assert [page.css_first("html").attributes["lang"], len(page.css("h1"))] == ["en", 1]
        assert not re.search(r"<img|<link|@import|url\(|<script", html)

    def test_values_take_the_place_of_the_defaults(self, name):
        sheet = letter(name, **BRAND, logo="https://f.example/logo.png")
        html = made_of(sheet)
        assert [each in html for each in ("Oak &amp; &lt;Fennel&gt;", "<Fennel>", "#112233", "#ccddee")] == [
            *(True, False, True, True)
        ]
        assert [each.attributes["alt"] for each in LexborHTMLParser(html).css("img")] == ["Oak & <Fennel>"]
        assert {"brand", "brand_text", "brand_dark", "company", "address", "preheader", "reason"} <= sheet.values.keys()

    def test_it_has_a_picture(self, name):
        assert files_of(name)["thumbnail.png"].startswith(b"\x89PNG")


def made_of(sheet: Sheet) -> str:
    return converted(Source("mjml", sheet.text), "").html
