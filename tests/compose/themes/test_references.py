import pytest

from chalicelib.compose.themes.layout import within
from chalicelib.compose.themes.references import addressed
from tests.compose.themes.rendered import sheet

ASSETS = {"img/a.png": "https://f/1/img/a.png", "html/b.gif": "https://f/1/html/b.gif"}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<img src="img/a.png">', '<img src="https://f/1/img/a.png">'),
        ("<img src='./img/a.png?v=2'>", "<img src='https://f/1/img/a.png'>"),
        ('<img src="../img/a.png">', '<img src="https://f/1/img/a.png">'),
        ('<img src="b.gif">', '<img src="https://f/1/html/b.gif">'),
        ('<img src="/themes/spring/img/a.png">', '<img src="https://f/1/img/a.png">'),
        ('<td background="img/a.png">', '<td background="https://f/1/img/a.png">'),
        ("<td style=\"background: url('img/a.png')\">", "<td style=\"background: url('https://f/1/img/a.png')\">"),
        ("url( img/a.png )", "url( https://f/1/img/a.png)"),
        ('<mj-section background-url="img/a.png">', '<mj-section background-url="https://f/1/img/a.png">'),
        ('<a href="https://img/a.png">', '<a href="https://img/a.png">'),
        ('<a href="{unsubscribe_url}">', '<a href="{unsubscribe_url}">'),
        ('<a href="#top">', '<a href="#top">'),
        ('<a href="mailto:a@b">', '<a href="mailto:a@b">'),
        ('<a href="page.html">', '<a href="page.html">'),
        ("img/a.png in a text", "img/a.png in a text"),
    ],
)
def test_pictures_get_their_public_address(source, wanted):
    found, missing = addressed(source, "spring", ASSETS)
    assert (found, missing) == (wanted, [])


def test_a_picture_that_the_theme_does_not_have_is_named_with_its_line():
    found, missing = addressed('\n<img src="img/none.png">', "spring", ASSETS)
    assert found == '\n<img src="img/none.png">'
    assert [(line, "img/none.png" in message) for line, message, _ in missing] == [(2, True)]


@pytest.mark.parametrize(
    "call",
    [
        "getAssetUrl('themes/'~template~'/img/a.png', null, null, true)",
        "assetUrl('img/a.png')",
        "asset('/themes/other/img/a.png')",
    ],
)
def test_mautics_functions_give_the_address(call):
    assert sheet(f"{{{{ {call} }}}}", assets=ASSETS).text == "https://f/1/img/a.png"


def test_mautics_function_names_what_is_missing():
    found = sheet("{{ assetUrl('img/x.png') }}", assets=ASSETS)
    assert [("img/x.png" in each.message) for each in found.cautions] == [True]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("@themes/spring/html/base.html.twig", "html/base.html.twig"),
        ("html/./a.twig", "html/a.twig"),
        ("../../etc/passwd", "../../etc/passwd"),
    ],
)
def test_names_of_files(path, wanted):
    assert within(path, "spring") == wanted
