"""The text part made of the HTML: what people read, and links that are whole."""

import pytest

from chalicelib.compose.letter import letter
from chalicelib.compose.plain import AS_IT_IS, LINK, plain_text
from chalicelib.model.email import Block
from tests.compose.making import BASE, TOKEN, envelope, revised, sent

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


FREE = "data-envoi-disable-tracking"


@pytest.mark.parametrize(
    ("html", "text", "reason"),
    [
        (f'<a href="{HREF}" {FREE}>one</a>', f"one ({HREF})", "it leads where it leads"),
        (f'<a href="{HREF}" mautic:disable-tracking>one</a>', f"one ({HREF})", "Mautic's word for it"),
        (f'<a href="{HREF}" {FREE}>{HREF}</a>', HREF, "a URL that is its own label"),
        (
            f'<a href="{HREF}/y" {FREE}>at {HREF}</a>',
            f"at {HREF} ({HREF}/y)",
            "a URL in the label is none either",
        ),
        (
            f'<a href="{HREF}?e={{contactfield=email}}" {FREE}>one</a>',
            f"one ({HREF}?e=ada%40example.org)",
            "values are encoded as in the HTML",
        ),
        (
            f'<a href="{{contactfield=website}}" {FREE}>one</a>',
            "one (https://ada.example/a?b=1&c=2)",
            "a field that is the link",
        ),
        (f'<a href="mailto:a@b.org" {FREE}>write</a>', "write (a@b.org)", "what is never tracked stays as ever"),
        (f'<a href="{{webview_url}}" {FREE}>look</a>', f"look ({BASE}/w/{TOKEN})", "the same"),
    ],
)
def test_a_link_that_is_not_to_be_tracked_is_not_in_the_text_either(html, text, reason):
    revision = revised(html=html, kind="template", utm={"source": "s"})
    assert (letter(revision, envelope(revision)).text, revision.links) == (text + "\n", ()), reason


def test_its_neighbours_are_tracked():
    html = f'<a href="{HREF}" {FREE}>one</a>{A}two</a>'
    revision = revised(html=html, kind="template")
    assert letter(revision, envelope(revision)).text == f"one ({HREF}) two ({BASE}/c/{TOKEN}/1)\n"
    assert revision.links == (HREF, HREF)


@pytest.mark.parametrize("mark", [LINK, AS_IT_IS])
def test_what_marks_links_cannot_be_written(mark):
    assert plain_text(f"<p>{mark}{{contactfield=w}}{mark}https://a.org</p>") == "{contactfield=w}https://a.org\n"


def test_a_block_that_is_made_of_html_keeps_to_it():
    block = Block("B", html=f'<a href="{HREF}" {FREE}>one</a>')
    revision = revised(html='{dynamiccontent="B"}', kind="template", blocks=(block,))
    assert (letter(revision, envelope(revision)).text, revision.links) == (f"one ({HREF})\n", ())


def test_a_scheme_before_an_address_of_ours_goes():
    assert sent(html='<a href="http://{webview_url}">look</a>').text == f"look ({BASE}/w/{TOKEN})\n"
