"""Mails that nobody here wrote go through unharmed."""

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.letter import letter, web_page
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
