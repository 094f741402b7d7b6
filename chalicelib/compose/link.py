"""Writes a tracked link: its target goes into the link table, or, with a recipient's values in it, into a slot."""

from __future__ import annotations

from html import escape

from chalicelib.compose.argument import argument
from chalicelib.compose.part import Writer
from chalicelib.compose.pen import Pen
from chalicelib.compose.revision import Part, Place, Slot
from chalicelib.compose.slot_of import VALUES, modifier_behind, slot_of
from chalicelib.compose.source import Source
from chalicelib.compose.spot import URL
from chalicelib.compose.token import ASSET, SUBJECT, tokens
from chalicelib.compose.url import MAX_TARGET, ascii_url
from chalicelib.compose.utm import tagged

MAX_LINKS = 1_000


def write_link(pen: Pen, start: int, end: int, url: str, place: Place) -> None:
    """From `start` up to `end`, to `url`, whose tokens, if any, are filled in per recipient. In a letter that is not
    tracked it leads where it leads.
    """
    _count(pen, start, url)
    composing, target = pen.composing, _target(pen, start, url)
    if len(target) > 1 or not isinstance(target[0], str):
        number = composing.link("") if composing.tracked else -1
        pen.writer.slot(Slot("target", place, target=target, link=number))
        return
    tagged_ = tagged(target[0], composing.utm)
    if composing.tracked:
        number = composing.link(tagged_)
        pen.address(f"{composing.base_url}/c/")
        pen.writer.literal(f"/{number}")
    elif tagged_ == ascii_url(url):
        pen.writer.literal(pen.source.text[start:end])
    else:
        pen.writer.literal(escape(tagged_) if place == "html" else tagged_)


def _count(pen: Pen, at: int, url: str) -> None:
    pen.tracked += 1
    if pen.tracked > MAX_LINKS:
        raise pen.source.fault(at, url, f"A part may have {MAX_LINKS} tracked links: take some out.")
    if len(url) > MAX_TARGET:
        raise pen.source.fault(at, url, f"A link may have {MAX_TARGET} characters.")


def _target(pen: Pen, start: int, url: str) -> Part:
    """The target's own parts, for values that are percent-encoded into it."""
    # decoded already, wherever it stood
    source, writer, at = Source("url", url), Writer(pen.composing.slots), 0
    for token in tokens(source, 0, len(url)):
        writer.literal(ascii_url(url[at : token.start]))
        at = token.end
        pen.check(token, URL, start, url)
        if token.name in VALUES or pen.per_send(token):
            slot = slot_of(pen.composing, source, token, "text_url", modifier_behind(url[: token.start]))
            pen.check_default(slot, start, url[token.start : token.end])
            writer.slot(slot)
        elif token.name == SUBJECT:
            writer.part(pen.subject("text_url"))
        elif token.name == ASSET:
            writer.literal(pen.asset(argument(source, token).name, start, url))
        else:
            writer.literal(ascii_url(url[token.start : token.end]))
            pen.report(token, start, url[token.start : token.end])
    writer.literal(ascii_url(url[at:]))
    return writer.done()
