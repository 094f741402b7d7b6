"""The workspace's words for leaving and for the web version, with the recipient's own address in them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from chalicelib.compose.token import TEXTS
from chalicelib.model.workspace import wording

if TYPE_CHECKING:
    from chalicelib.compose.pen import Pen

PLACE = "|URL|"


def write_sentence(pen: Pen, name: str, *, in_html: bool) -> None:
    """The words are plain text. Without |URL| they are themselves the link; plain text has the address behind them."""
    words = wording(pen.composing.stationery.workspace, pen.composing.language, name)
    if in_html and PLACE not in words:
        _open(pen, name)
        pen.writer.literal(f"{escape(words)}</a>")
        return
    pieces = words.split(PLACE) if PLACE in words else [f"{words}: ", ""]
    for number, piece in enumerate(pieces):
        if number:
            _address(pen, name, in_html=in_html)
        pen.writer.literal(escape(piece) if in_html else piece)


def _address(pen: Pen, name: str, *, in_html: bool) -> None:
    if in_html:
        _open(pen, name)
    pen.endpoint(TEXTS[name])
    pen.writer.literal("</a>" if in_html else "")


def _open(pen: Pen, name: str) -> None:
    pen.writer.literal('<a href="')
    pen.endpoint(TEXTS[name])
    pen.writer.literal('">')
