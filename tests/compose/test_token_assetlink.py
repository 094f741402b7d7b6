"""`{assetlink=ID}` leads to an asset, by a tracked link; `{pagelink=ID}` to nothing that Envoi has."""

import pytest

from chalicelib.compose.stationery import Stationery
from chalicelib.model.errors import Invalid
from tests.compose.making import BASE, TOKEN, html_of, links_of, made, revised, text_of

ID, FILE = "0123456789abcdef", "https://files.example/assets/a b & c.pdf"
READY = FILE.replace(" ", "%20")
SHELF = Stationery(BASE, assets={ID: FILE})
LINK = f"{BASE}/c/{TOKEN}/0"


@pytest.mark.parametrize(
    ("html", "expected", "links", "reason"),
    [
        (f'<a href="{{assetlink={ID}}}">', f'<a href="{LINK}">', (READY,), "a tracked link"),
        (f'<a href="%7BAssetLink%3D{ID}%7D">', f'<a href="{LINK}">', (READY,), "encoded, in any capitals"),
        (f'<a href="{{assetlink={ID.upper()}}}">', f'<a href="{LINK}">', (READY,), "ids in any capitals"),
        (f'<a href="{{assetlink={ID}}}#p2">', f'<a href="{LINK}">', (f"{READY}#p2",), "and a page in it"),
        (
            f'<a data-envoi-disable-tracking href="{{assetlink={ID}}}">',
            f'<a data-envoi-disable-tracking href="{READY.replace("&", "&amp;")}">',
            (),
            "as the author wishes",
        ),
        (f'<img src="{{assetlink={ID}}}">', f'<img src="{READY.replace("&", "&amp;")}">', (), "a picture is no link"),
        (f"<p>{{assetlink={ID}}}", f"<p>{READY.replace('&', '&amp;')}", (), "its address, to be read"),
    ],
)
def test_in_html(html, expected, links, reason):
    assert html_of(html, stationery=SHELF, text="x") == expected, reason
    assert links_of(revised(html=html, stationery=SHELF, text="x")) == links, reason


@pytest.mark.parametrize(
    ("text", "expected", "links"),
    [
        (f"Get {{assetlink={ID}}}.", f"Get {LINK}.", (READY,)),
        (f"Get {{assetlink={ID}}}", f"Get {LINK}", (READY,)),
    ],
)
def test_in_text(text, expected, links):
    assert text_of(text, stationery=SHELF) == expected
    assert revised(text=text, stationery=SHELF).links == links


def test_in_the_text_that_is_made_of_html():
    revision = revised(html=f'<a href="{{assetlink={ID}}}">Get it</a>', stationery=SHELF)
    assert links_of(revision) == (READY, READY)


@pytest.mark.parametrize("token", ["{assetlink=12}", "{assetlink=fedcba9876543210}", "%7Bassetlink=12%7D"])
def test_an_asset_that_is_not_there_is_refused(token):
    for part, content, column in (("html", token, 1), ("html", f'<a href="{token}">', 10), ("text", f"at {token}", 4)):
        with pytest.raises(Invalid, match=rf"Line 2, column {column}: There is no asset") as fault:
            made(**{part: f"\n{content}"}, stationery=SHELF)
        assert fault.value.field == part


def test_a_page_is_told_as_unknown_and_stays():
    made_ = made(html="<p>{pagelink=5} {unsubscribe_url}", text="x {unsubscribe_url}")
    assert [(each.where, each.mend) for each in made_.warnings] == [
        ("html, line 1, column 4", "Envoi has no pages of its own: write the page's address instead.")
    ]
    assert html_of("{pagelink=5}") == "{pagelink=5}"
