"""The letter for whoever wants no tracking: as it would be compiled without, but with a real way out."""

from html import unescape

import pytest

from chalicelib.compose.untracked import for_contact
from chalicelib.model.email import Block, Variation
from tests.compose.making import BASE, TOKEN, by_ses, envelope, made, revised

EVERY = '{"field": "email", "operator": "contains", "value": "@"}'
LETTERS = {
    "links": {"html": '<p><a href="https://x.example/a?b=1&amp;c=2">one</a> <a href="https://x.example/1">two</a>12'},
    "quotes": {"html": "<p><a href='https://x.example/%27?q=\"x\"'>one</a>"},
    "the same link twice": {"html": '<a href="https://x.example">1</a><a href="https://x.example">1</a>'},
    "text": {"text": "Read https://x.example/a, or (https://x.example/b). 3 more: https://x.example/c"},
    "values": {"html": '<a href="https://x.example/{contactfield=firstname}?e={contactfield=email}">{today|Y}</a>'},
    "a whole address": {"html": '<a href="{contactfield=website|https://y.example}">site</a>'},
    "ways out": {"html": '{unsubscribe_text} <a href="{webview_url}">w</a>', "text": "{unsubscribe_url} x"},
    "parameters": {"html": '<a href="https://x.example/">x</a>', "utm": {"source": "news"}},
    "a block": {
        "html": '{dynamiccontent="b"}<a href="https://x.example/z">z</a>',
        "text": '{dynamiccontent="b"} https://x.example/z',
        "blocks": (
            Block(
                "b",
                '<a href="https://x.example/otherwise">o</a>',
                "https://x.example/otherwise",
                (Variation(EVERY, '<a href="https://x.example/b?a=1&amp;b=2">b</a>', "https://x.example/b"),),
            ),
        ),
    },
}


@pytest.mark.parametrize("kind", ["segment", "template"])
@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_it_is_the_letter_compiled_without_tracking(letter, kind):
    revision = for_contact(revised(**letter, kind=kind), tracking=False)
    plain = made(**letter, kind=kind, tracked=False).revision
    expected = by_ses(plain, envelope(plain))
    for name, part in by_ses(revision, envelope(revision)).items():
        assert f"{BASE}/c/" not in part
        assert f"{BASE}/o/" not in part
        assert unescape(part) == unescape(expected[name].replace("/preview", f"/{TOKEN}")), (
            "but for how quotes are written"
        )


def test_tracking_leaves_the_revision_as_it_is():
    revision = revised(html="<p>x")
    assert for_contact(revision, tracking=True) is revision
    assert for_contact(revision, tracking=False) is for_contact(revision, tracking=False)
