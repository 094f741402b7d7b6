"""The link that no person sees: whoever follows it is a machine."""

import pytest

from chalicelib.compose.encoding import decoded, decoded_links, encoded, encoded_links
from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.tracked import html_links
from tests.compose.making import BASE, PIXEL, TOKEN, envelope, revised, sent


def decoy(number):
    return f'<a href="{BASE}/c/{TOKEN}/{number}" style="display:none" aria-hidden="true" tabindex="-1"></a>'


@pytest.mark.parametrize(
    ("html", "expected", "number", "reason"),
    [
        ("<body>x</body>", "<body>xDECOYPIXEL</body>", 0, "just before the pixel"),
        ('<a href="https://a.org">x</a>', f'<a href="{BASE}/c/{TOKEN}/0">x</a>DECOYPIXEL', 1, "a number of its own"),
        ("<a>{tracking_pixel}</a></body>", "<a>PIXEL</a>DECOY</body>", 0, "never inside another link"),
        ("x<!-- y", "xDECOYPIXEL<!-- y", 0, "before what nobody sees"),
    ],
)
def test_it_stands_once_in_the_html(html, expected, number, reason):
    revision = revised(html=html, text="https://b.org")
    arrived = letter(revision, envelope(revision))
    assert arrived.html.replace(decoy(number), "DECOY").replace(PIXEL, "PIXEL") == expected, reason
    assert (revision.decoy, revision.links[number]) == (number, f"{BASE}/"), reason
    assert arrived.text == f"{BASE}/c/{TOKEN}/{html_links(revision)}", "the text has none"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"html": "<p>", "kind": "template"}, "one person's business letter"),
        ({"html": "<p>", "tracked": False}, "nobody is counted"),
        ({"text": "x"}, "a text alone"),
    ],
)
def test_where_there_is_none(fields, reason):
    revision = revised(**fields)
    assert revision.decoy == -1, reason
    assert 'display:none" aria-hidden' not in sent(**fields).html, reason


def test_the_web_version_has_none():
    revision = revised(html="<body>x{unsubscribe_url}</body>")
    assert web_page(revision, envelope(revision).values) == f"<body>x{BASE}/u/{TOKEN}</body>"


def test_it_is_kept_with_the_revision():
    revision = revised(html="<p>")
    assert decoded(encoded(revision)).decoy == revision.decoy == 0
    assert decoded_links(encoded_links(revision)) == (f"{BASE}/",)
