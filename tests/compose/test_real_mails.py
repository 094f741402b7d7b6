"""Mails that nobody here wrote go through unharmed."""

import re
from collections.abc import Callable, Mapping
from html import escape
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.letter import letter, web_page
from chalicelib.model.email import Block
from tests.compose.making import BASE, DECOY, TOKEN, as_written, envelope, revised
from tests.compose.test_letter import assert_mime, assert_ses

MAILS = Path(__file__).parents[3] / "shared" / "mails"
FILES = sorted(MAILS.glob("postmark-*")) + sorted(MAILS.glob("leemunroe*"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"the real mails are missing: {MAILS} has none")


def read(path: Path) -> str:
    return path.read_bytes().decode()


def fields(path: Path, content: str) -> dict[str, str]:
    return {"text": content} if path.suffix == ".txt" else {"html": content}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["segment", "template"])
def test_whole(path, kind):
    original = read(path)
    revision = revised(kind=kind, **fields(path, original))
    one = envelope(revision)
    arrived = letter(revision, one)
    assert_ses(revision, one, arrived)
    assert_mime(revision, one, arrived)
    body = arrived.text if path.suffix == ".txt" else as_written(arrived.html)
    assert untracked(body, revision.links) == original
    if path.suffix != ".txt":
        assert untracked(web_page(revision, one.values), revision.links) == original
        assert tracked_as_a_browser_sees_it(original) == sum(1 for _ in own_links(DECOY.sub("", arrived.html)))


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".html"], ids=lambda path: path.name)
def test_with_tokens(path):
    original = read(path)
    written = original.replace("{{name}}", "{contactfield=firstname}").replace(
        "{{action_url}}", "https://a.org/?a=1&amp;b=2"
    )
    revision = revised(html=written, preheader="Soon")
    one = envelope(revision)
    arrived = letter(revision, one)
    assert_ses(revision, one, arrived)
    assert_mime(revision, one, arrived)
    assert arrived.html.count("Ada") == original.count("{{name}}")
    assert len([link for link in revision.links if link == "https://a.org/?a=1&b=2"]) >= original.count(
        '"{{action_url}}"'
    )
    assert "{contactfield" not in arrived.html + arrived.text
    assert ">Soon</" in arrived.html


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["segment", "template"])
def test_with_every_token_and_links_put_in_everywhere(path, kind):
    """As it is written, and as it must arrive: every byte but what was put in stays."""
    original, is_text = read(path), path.suffix == ".txt"
    places = [found.end() for found in (_LINES if is_text else _OPENED).finditer(original) if found["place"]]
    pairs = TEXT_PUT if is_text else HTML_PUT
    put = dict(zip(places, cycle(pairs), strict=False))
    assert {*put.values()} == {*pairs}, "each of them at least once"
    written, expected = (_with(original, {at: pair[side] for at, pair in put.items()}) for side in (0, 1))
    revision = revised(kind=kind, blocks=(BLOCK,), **fields(path, written))
    one = envelope(revision)
    arrived = letter(revision, one)
    assert_ses(revision, one, arrived)
    assert_mime(revision, one, arrived)
    if is_text:
        assert led(arrived.text, revision.links, str) == expected
    else:
        assert led(as_written(arrived.html), revision.links, escape) == expected
        assert led(web_page(revision, one.values), revision.links, escape) == expected


BLOCK = Block("B", "<b>&amp; {contactfield=firstname}</b>", "b & {contactfield=firstname}")
# What is written, and what the contact must see: Ada, on the day that `making.NOW` is.
HTML_PUT = [
    ("{contactfield=firstname}", "Ada"),
    ("{ContactField=nothing|you &amp; me}", "you &amp; me"),
    (
        '<img alt="{contactfield=firstname}" src="https://a.org/{contactfield=email}.png">',
        '<img alt="Ada" src="https://a.org/ada%40example.org.png">',
    ),
    ("{today|Y}{today|date|+2 days}", "2026November 26, 2026"),
    ("%7Bcontactfield=email%7D {leadfield=firstname|x}", "ada@example.org Ada"),
    ('{dynamiccontent="B"}', "<b>&amp; Ada</b>"),
    ('<a href="https://a.org/?n={contactfield=firstname}&amp;m=1#x">', '<a href="https://a.org/?n=Ada&amp;m=1#x">'),
    ("<a\n href='https://a.org/?a=1&amp;b=2'>", "<a\n href='https://a.org/?a=1&amp;b=2'>"),
    ("<!--[if mso]><v:rect href='https://a.org/v'><![endif]-->",) * 2,
    ("{nobodys=token} {subject} {unsubscribe_url}", f"{{nobodys=token}} Hello {BASE}/u/{TOKEN}"),
    ("{contactfield=website|https://x.org}", "https://ada.example/a?b=1&amp;c=2"),
    ('<a href="{contactfield=website}">', '<a href="https://ada.example/a?b=1&amp;c=2">'),
]
TEXT_PUT = [
    (" {contactfield=firstname}", " Ada"),
    (" {ContactField=nothing|you & me}", " you & me"),
    (' {dynamiccontent="B"} {today|Y}', " b & Ada 2026"),
    (" (https://a.org/?n={contactfield=firstname}#x).", " (https://a.org/?n=Ada#x)."),
    (" https://a.org/M_(p), {nobodys=token}", " https://a.org/M_(p), {nobodys=token}"),
    (" {unsubscribe_url}", f" {BASE}/u/{TOKEN}"),
]
_DEAD = r"<!--.*?-->|<style.*?</style>|<title.*?</title>"
_OPENED = re.compile(rf"{_DEAD}|(?P<place><(?:p|td|div|h1)\b[^>]*>)", re.DOTALL | re.IGNORECASE)
_LINES = re.compile(r"(?P<place>[^\n]+)")
_PERSONAL = re.compile(rf"{BASE}/c/{TOKEN}/\d+\?u=(?P<target>[^&\"' ]+)(?P<and>&amp;|&)s=[\w.-]+")


def _with(original: str, put: Mapping[int, str]) -> str:
    return edited(original, (Edit(at, at, text) for at, text in put.items()))


def led(body: str, links, write: Callable[[str], str]) -> str:
    """Every tracked link as where it leads, written for its place."""
    body = _PERSONAL.sub(lambda found: write(unquote(found["target"])), body)
    for number in reversed(range(len(links))):
        body = body.replace(f"{BASE}/c/{TOKEN}/{number}", write(links[number]))
    return body


def untracked(body: str, links) -> str:
    """Every tracked link as it stood there."""
    for number in reversed(range(len(links))):
        body = body.replace(f"{BASE}/c/{TOKEN}/{number}", links[number])
    return body


def own_links(html: str):
    return (node for node in LexborHTMLParser(html).css("a[href]") if node.attributes["href"].startswith(f"{BASE}/c/"))


def tracked_as_a_browser_sees_it(html: str) -> int:
    links = (node.attributes["href"] or "" for node in LexborHTMLParser(html).css("a[href]"))
    return sum(1 for href in links if href.startswith(("http://", "https://")) and "{{" not in href)
