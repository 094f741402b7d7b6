"""One line, or a few, of plain text that a person wrote: names, labels, postal addresses, signatures."""

from __future__ import annotations

import re

from chalicelib.model.errors import Invalid
from chalicelib.model.fields import checked_text

_LINE_END = re.compile(r"\r\n?")


def line(value: object, place: str, longest: int, *, needed: bool = False) -> str:
    """Without blanks around it; Invalid where it is no text, too long, or has what nobody can print."""
    text = value.strip() if isinstance(value, str) else None
    if text is None or len(text) > longest or (needed and not text) or not (text.isprintable() or not text):
        raise Invalid(place, value, f"Give one line of {'1' if needed else '0'} to {longest} printable characters.")
    return text


def lines(value: object, place: str, longest: int) -> str:
    """With line feeds alone between its lines, and no blanks around it; Invalid as above."""
    if not isinstance(value, str):
        raise Invalid(place, value, f"Give text of at most {longest} characters.")
    text = _LINE_END.sub("\n", value).strip()
    if len(text) > longest:
        raise Invalid(place, value, f"Text here has at most {longest} characters; this one has {len(text)}.")
    return checked_text(text, place)
