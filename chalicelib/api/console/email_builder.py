"""The builder: a letter of blocks, in MJML, over the same draft as the editor's."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON
from chalicelib.api.console.builder_words import PARTS_OF_A_LETTER, builder_words
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import SAFE, Visit
from chalicelib.console.words import said
from chalicelib.model.email import Email
from chalicelib.model.errors import Invalid
from chalicelib.work import assets, emails
from chalicelib.work.offered_tokens import offered
from chalicelib.work.permitting import require
from chalicelib.work.stationery import public_address
from chalicelib.work.world import World

blueprint = Blueprint(__name__)

MOST_PICTURES = 100
# GrapesJS writes styles into its page and into the frame in which the letter is built; letters have pictures from
# anywhere. No other page of the console lets either in.
LOOSER: Mapping[str, str] = MappingProxyType(
    {
        "style-src": "{files} 'unsafe-inline'",
        "img-src": "'self' {pictures} https: http: data: blob:",
        "font-src": "https: data:",
        "frame-src": "'self' blob:",
    }
)
LAYOUT = ("mj-1-column", "mj-2-columns", "mj-3-columns", "mj-wrapper", "mj-hero")
COLUMNS: Mapping[str, int] = MappingProxyType({"mj-1-column": 1, "mj-2-columns": 2, "mj-3-columns": 3})
CONTENT = ("mj-text", "mj-button", "mj-image", "mj-divider", "mj-spacer")


@dataclass(frozen=True, slots=True)
class BlockButton:
    """`content` is its MJML; "" where GrapesJS knows the block. `label` is "" where the words have one."""

    id: str
    content: str = ""
    label: str = ""


@shows(blueprint, "/emails/{email_id}/builder")
def build(visit: Visit, email_id: str) -> Response:
    """Where the letter is HTML alone it asks first: what is built takes the place of that."""
    require(visit.world, "editor")
    email = emails.read(visit.world, email_id)
    begun = bool(email.mjml.strip()) or not email.html.strip() or visit.browser.query.get("begin") == "1"
    return visit.page(
        "emails/builder",
        policy=LOOSER,
        email=email,
        begun=begun,
        drawer=visit.drawer,
        start=_start(visit),
        tokens=offered(visit.world, email),
        blocks=(("layout", _layout(visit)), ("content", _content(visit)), *_ours(email)),
        names={each: said(visit.language, f"builder.block.{each}") for each in PARTS_OF_A_LETTER},
        pictures=list(_pictures(visit.world)),
        panels=builder_words(visit.language),
    )


@changes(blueprint, "/emails/{email_id}/builder/picture")
def picture(visit: Visit, email_id: str) -> Response:
    """A picture that was dropped into the builder, as an asset of the team: its `content` in base64."""
    emails.read(visit.world, email_id)
    try:
        body = base64.b64decode(visit.one("content"), validate=True)
    except binascii.Error:
        raise Invalid("content", visit.one("content"), "Give the file in base64.") from None
    made = assets.create(visit.world, visit.one("name"), body)
    shown = {"url": public_address(visit.world, made), "name": made.name}
    return Response(msgspec.json.encode(shown), {**SAFE, "Content-Type": JSON})


def _layout(visit: Visit) -> list[BlockButton]:
    """Each begins with words in the reader's language, and with no picture of somebody else."""
    text, button = _begun(visit, "mj-text"), _begun(visit, "mj-button", ' href="https://example.com/"')
    column = f"<mj-column>{text}</mj-column>"
    look = 'mode="fixed-height" height="220px" background-color="#dfe5e2" padding="30px 0"'
    contents = {
        **{each: f"<mj-section>{column * number}</mj-section>" for each, number in COLUMNS.items()},
        "mj-wrapper": f"<mj-wrapper><mj-section>{column}</mj-section></mj-wrapper>",
        "mj-hero": f"<mj-hero {look}>{text}{button}</mj-hero>",
    }
    return [BlockButton(each, contents[each]) for each in LAYOUT]


def _content(visit: Visit) -> list[BlockButton]:
    words = {
        "mj-text": _begun(visit, "mj-text"),
        "mj-button": _begun(visit, "mj-button", ' href="https://example.com/"'),
    }
    return [BlockButton(each, words.get(each, "")) for each in CONTENT]


def _begun(visit: Visit, tag: str, more: str = "") -> str:
    """What has words begins with some in the reader's language."""
    return f"<{tag}{more}>{escape(said(visit.language, f'builder.begun.{tag}'))}</{tag}>"


def _ours(email: Email) -> Iterator[tuple[str, list[BlockButton]]]:
    """Blocks of what a letter of ours needs: ways out, the web version, the contact's fields, dynamic content."""
    small = '<mj-text align="center" font-size="12px" color="#555555">{}</mj-text>'
    yield (
        "ours",
        [
            BlockButton("unsubscribe", small.format("{unsubscribe_text}")),
            BlockButton("webview", small.format("{webview_text}")),
            BlockButton("greeting", "<mj-text>{contactfield=firstname|…}</mj-text>"),
            BlockButton("signature", "<mj-text>{signature}</mj-text>"),
        ],
    )
    dynamic = [
        BlockButton(f"dynamic-{n}", f'<mj-text>{{dynamiccontent="{escape(block.name)}"}}</mj-text>', block.name)
        for n, block in enumerate(email.blocks)
    ]
    if dynamic:
        yield "dynamic", dynamic


def _pictures(world: World) -> Iterator[dict[str, str]]:
    found, _ = assets.page(world, MOST_PICTURES, None)
    for each in found:
        if each.public and each.content_type.startswith("image/"):
            yield {"src": public_address(world, each), "name": each.name}


def _start(visit: Visit) -> str:
    """A letter to begin with: a heading, some words, a button, the team's address and the way out."""

    def word(name: str) -> str:
        return escape(said(visit.language, f"builder.start.{name}"))

    address = escape(visit.workspace.address).replace("\n", "<br />")
    return (
        '<mjml><mj-body background-color="#f4f4f2">'
        '<mj-section background-color="#ffffff"><mj-column>'
        f'<mj-text font-size="24px" font-family="Arial, sans-serif">{word("heading")}</mj-text>'
        f'<mj-text font-size="16px" line-height="1.5" font-family="Arial, sans-serif">{word("words")}</mj-text>'
        f'<mj-button href="https://example.com/" background-color="#0b6152">{word("button")}</mj-button>'
        "</mj-column></mj-section>"
        '<mj-section><mj-column><mj-text align="center" font-size="12px" color="#555555" '
        f'font-family="Arial, sans-serif">{address}{"<br />" if address else ""}{{unsubscribe_text}}</mj-text>'
        "</mj-column></mj-section></mj-body></mjml>"
    )
