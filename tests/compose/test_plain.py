"""The text part made of the HTML: what people read, and links that are whole."""

import pytest

from chalicelib.compose.plain import LINK, plain_text
from tests.compose.making import BASE, TOKEN, revised, sent

HREF = "https://a.org/x"
A = f'<a href="{HREF}">'


@pytest.mark.parametrize(
    ("html", "text", "reason"),
    [
        (f"{A}one</a>", f"one ({HREF})", "a label and its URL"),
        (f"{A}{HREF}</a>", HREF, "a URL that is its own label stands once"),
        (f"{A}<img alt='Shop'></a>", f"Shop ({HREF})", "a picture's label"),
        (f"{A}<img></a>", HREF, "no label at all"),
        (f"{A}1</a>{A}2</a>", f"1 ({HREF}) 2 ({HREF})", "two side by side stay two"),
        (f"{A}<img></a>next", f"{HREF} next", "what follows is no part of the URL"),
        (f"{A}one</a>, two", f"one ({HREF}), two", "but punctuation stays where it is"),
        (f"({A}one</a>)", f"(one ({HREF}))", "so do brackets"),
        (f"{A}one</a><p>two", f"one ({HREF})\n\ntwo", "and line ends"),
        ('<a href="https://a.org/M_(p)">m</a>', "m (https://a.org/M_(p))", "brackets that fit stay"),
        ('<a href="https://a.org/a)b">m</a>', "m (https://a.org/a%29b)", "one that does not would end the URL"),
        ('<a href="https://a.org/(a">m</a>', "m (https://a.org/%28a)", "nor would this one end it"),
        ('<a href="https://a.org/a).">m</a>', "m (https://a.org/a%29%2E)", "nor these"),
        ('<a href="https://a.org/a b">m</a>', "m (https://a.org/a%20b)", "a blank would cut it off"),
        ('<a href="https://a.org/{contactfield=x|:)}">m</a>', "m (https://a.org/{contactfield=x|:)})", "tokens stay"),
        ('<a href="mailto:a@b.org?subject=Hi&amp;body=x">write</a>', "write (a@b.org)", "the address, not the mail"),
        ('<a href="mailto:{contactfield=boss|a?b}?cc=x">write</a>', "write ({contactfield=boss|a?b})", "tokens whole"),
        ('<a href="MAILTO:a@b.org">a@b.org</a>', "a@b.org", "an address that is its own label"),
        ('<a href="tel:+33-1">call</a>', "call (+33-1)", "a number"),
        ('<a href="sms:+33?body=x">text</a>', "text (+33)", "the same"),
        ('<a href="#top">up</a>', "up", "an anchor leads nowhere in text"),
        ('<a href="{contactfield=w}">m</a>', f"m ({LINK}{{contactfield=w}})", "a field that is the link"),
        ('<a href="%7bleadfield%3Dw%7d">m</a>', f"m ({LINK}%7bleadfield%3Dw%7d)", "as editors encode it"),
        ('<p style="display: none">x</p>y', "y", "what nobody sees"),
        ('<div class="preheader">x</div>y', "y", "nor the preheader"),
        ("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc", "lists"),
    ],
)
def test_text(html, text, reason):
    assert plain_text(html) == text + "\n", reason


def test_its_links_are_tracked_whole():
    html = f'{A}1</a>{A}2</a><a href="https://a.org/M_(p)">3</a><a href="%7bcontactfield%3Dwebsite%7d">4</a>'
    revision = revised(html=html, kind="template")
    assert revision.links[4:] == (HREF, HREF, "https://a.org/M_(p)", "")


def test_a_scheme_before_an_address_of_ours_goes():
    assert sent(html='<a href="http://{webview_url}">look</a>').text == f"look ({BASE}/w/{TOKEN})\n"
