"""Writes a tracked link: its target goes into the link table, or, with a recipient's values in it, into a slot."""

from __future__ import annotations

from html import escape

from chalicelib.compose.pen import Pen
from chalicelib.compose.revision import Place, Slot
from chalicelib.compose.spot import URL
from chalicelib.compose.target import target
from chalicelib.compose.url import MAX_TARGET, ascii_url
from chalicelib.compose.utm import tagged

MAX_LINKS = 1_000


def write_link(pen: Pen, start: int, end: int, url: str, place: Place) -> None:
    """From `start` up to `end`, to `url`, whose tokens, if any, are filled in per recipient. In a letter that is not
    tracked it leads where it leads.
    """
    _count(pen, start, url)
    composing, parts = pen.composing, target(pen, url, URL, start)
    if len(parts) > 1 or not isinstance(parts[0], str):
        number = composing.link("") if composing.tracked else -1
        pen.writer.slot(Slot("target", place, target=parts, link=number))
        return
    tagged_ = tagged(parts[0], composing.utm)
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
