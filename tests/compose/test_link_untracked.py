"""A letter that is only looked at: nothing in it leads back to us but pages that say so."""

import pytest

from chalicelib.compose.letter import letter, web_page
from chalicelib.model.contact import Contact
from tests.compose.making import ADA, BASE, CONTACT, NOBODY, envelope, revised, sent
from tests.compose.test_letter import assert_mime, assert_ses

EVIL = Contact(CONTACT, "a@b.org", {"website": "javascript:x", "firstname": "\"<&>' #"})


@pytest.mark.parametrize(
    ("html", "to", "expected", "reason"),
    [
        ('<a href="https://a.org/é?a&amp;b=2#x">', ADA, None, "byte for byte where nothing is filled in"),
        ("<a href='https://a.org/\n?a'>", ADA, None, "whatever a browser makes of it"),
        (
            '<a href="https://a.org/?e={contactfield=email}&amp;b">',
            ADA,
            '<a href="https://a.org/?e=ada%40example.org&amp;b">',
            "filled",
        ),
        (
            '<a href="https://a.org/?{contactfield=firstname}">',
            EVIL,
            '<a href="https://a.org/?%22%3C%26%3E%27%20%23">',
            "escaped",
        ),
        ('<a href="{contactfield=website}">', ADA, '<a href="https://ada.example/a?b=1&amp;c=2">', "the whole link"),
        (
            '<a href="{contactfield=website|https://x.org/?a&b}">',
            NOBODY,
            '<a href="https://x.org/?a&amp;b">',
            "its default",
        ),
        ('<a href="{contactfield=website}/x">', EVIL, '<a href="#">', "no link is made of what is none"),
        ('<a href="{contactfield=website}/x">', NOBODY, '<a href="#">', "nor of nothing"),
        (
            "{unsubscribe_text}",
            ADA,
            f'<a href="{BASE}/u/preview">Unsubscribe from these e-mails</a>',
            "nobody leaves by it",
        ),
        (
            '<a href="{webview_url}"><a href="{dnc_url}">',
            ADA,
            f'<a href="{BASE}/w/preview"><a href="{BASE}/d/preview">',
            "the same",
        ),
        ('<a href="{resubscribe_url}">', ADA, f'<a href="{BASE}/r/preview">', "the same"),
        ("a{tracking_pixel}b", ADA, "ab", "no pixel"),
        ('<a href="https://a.org" data-envoi-disable-tracking>', ADA, None, "as ever"),
    ],
)
def test_html(html, to, expected, reason):
    assert sent(to, html=html, text="x", tracked=False).html == (expected or html), reason


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("See https://a.org/é.", ADA, "See https://a.org/é."),
        ("https://a.org/?e={contactfield=email}&b", ADA, "https://a.org/?e=ada%40example.org&b"),
        (
            "{unsubscribe_url} {webview_text}",
            ADA,
            f"{BASE}/u/preview Read this e-mail in your browser: {BASE}/w/preview",
        ),
    ],
)
def test_text(text, to, expected):
    assert sent(to, text=text, tracked=False).text == expected


def test_there_is_no_table_and_no_token():
    html = '<a href="https://a.org/?e={contactfield=email}">{unsubscribe_text}</a><a href="https://a.org">'
    revision = revised(html=html, tracked=False)
    assert (revision.links, revision.decoy) == ((), -1)
    assert {slot.kind for slot in revision.program.slots} == {"field", "target"}


def test_the_same_letter_whichever_way_it_goes():
    html = '<body><a href="https://a.org/?e={contactfield=email}">{unsubscribe_text}</a>{signature}</body>'
    revision = revised(html=html, tracked=False, utm={"source": "s"})
    one = envelope(revision)
    expected = letter(revision, one)
    assert_ses(revision, one, expected)
    assert_mime(revision, one, expected)
    assert web_page(revision, one.values) == expected.html
