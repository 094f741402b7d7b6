"""MJML turned into HTML by mrml, MJML's port to Rust. Nothing is fetched or read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mjml import mjml2html

from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.language import direction
from chalicelib.compose.mjml_source import Kept, Reading, read
from chalicelib.compose.size import check_size
from chalicelib.compose.source import Cautions, Source
from chalicelib.model.email import MAX_HTML
from chalicelib.model.errors import Invalid

MAX_MJML = MAX_HTML


@dataclass(frozen=True, slots=True)
class Converted:
    """`inline_css` tells whether a <mj-style inline="inline"> asks for it: mrml leaves such styles where they are.
    `cautions` are about what does nothing.
    """

    html: str
    inline_css: bool
    cautions: Cautions


def converted(source: Source, tag: str) -> Converted:
    """`tag` is the letter's language (BCP 47) or ""; one that <mjml> names itself wins.

    Raises Invalid with line and column for what is no MJML, and TooLarge above MAX_MJML bytes of it or MAX_HTML bytes
    of HTML.
    """
    check_size(source, MAX_MJML)
    reading = read(source)
    html = _restored(_compiled(source, edited(source.text, [*reading.edits, *_language(reading, tag)])), reading)
    check_size(Source(source.part, html), MAX_HTML, "The HTML made of the MJML")
    return Converted(html, reading.inline_css, reading.cautions)


def _compiled(source: Source, copy: str) -> str:
    try:
        return mjml2html(copy)
    except ValueError as error:  # read strictly before: nothing is known that comes here
        raise Invalid(source.part, source.text, f"It cannot be compiled: {error}.") from None


def _language(reading: Reading, tag: str) -> list[Edit]:
    if not tag:
        return []
    given = {"lang": tag, "dir": direction(tag)}
    own = (f' {name}="{value}"' for name, value in given.items() if name not in reading.names)
    return [Edit(reading.root, reading.root, "".join(own))]


def _restored(html: str, reading: Reading) -> str:
    """A value that was written whole keeps its quotes; within another value they become entities."""
    mark = re.compile(rf"=\"{reading.mark}(?P<whole>\d++)e\"|{reading.mark}(?P<part>\d++)e")

    def original(match: re.Match[str]) -> str:
        kept = reading.kept[int(match["whole"] or match["part"])]
        return f"={_quoted(kept)}" if match["whole"] else _inside(kept)

    return mark.sub(original, html)


def _quoted(kept: Kept) -> str:
    if '"' not in kept.text or "'" in kept.text:
        return '"' + kept.text.replace('"', "&quot;") + '"'
    return f"'{kept.text}'"


def _inside(kept: Kept) -> str:
    return kept.text.replace('"', "&quot;") if kept.is_value else kept.text
