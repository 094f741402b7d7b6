"""A URL with tokens in it, as parts: what a person wrote in ASCII, values percent-encoded into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.compose.argument import argument
from chalicelib.compose.dynamic import Use
from chalicelib.compose.part import Writer
from chalicelib.compose.revision import Part
from chalicelib.compose.slot_of import VALUES, modifier_behind, slot_of
from chalicelib.compose.source import Source
from chalicelib.compose.spot import Spot
from chalicelib.compose.token import ASSET, BLOCK, SUBJECT, Token, tokens
from chalicelib.compose.url import ascii_url

if TYPE_CHECKING:
    from chalicelib.compose.pen import Pen


def target(pen: Pen, url: str, spot: Spot, at: int, before: str = "") -> Part:
    """`url` is decoded already, wherever it stood; `at` is where the pen's source has it, for faults. `before` is what
    the URL has before this piece of it.
    """
    source, writer, last = Source("url", url), Writer(pen.composing.slots), 0
    for token in tokens(source, 0, len(url)):
        writer.literal(ascii_url(url[last : token.start]))
        last = token.end
        pen.check(token, spot, at, url)
        _write(pen, writer, Use(source, token, at, spot, before + url[: token.start]))
    writer.literal(ascii_url(url[last:]))
    return writer.done()


def _write(pen: Pen, writer: Writer, use: Use) -> None:
    token = use.token
    if token.name in VALUES or pen.per_send(token):
        slot = slot_of(pen.composing, use.source, token, "text_url", modifier_behind(use.before))
        pen.check_default(slot, use.at, use.shown)
        writer.slot(slot)
    elif token.name == SUBJECT:
        writer.part(pen.subject("text_url"))
    elif token.name == ASSET:
        writer.literal(pen.asset(argument(use.source, token).name, use.at, use.shown))
    elif token.name == BLOCK:
        writer.slot(pen.block(use, "text_url"))
    else:
        _unknown(pen, writer, token, use)


def _unknown(pen: Pen, writer: Writer, token: Token, use: Use) -> None:
    writer.literal(ascii_url(use.shown))
    pen.report(token, use.at, use.shown)
