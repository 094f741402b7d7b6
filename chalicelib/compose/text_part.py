"""Compiles the text of a letter: tokens, and bare URLs as tracked links."""

from __future__ import annotations

import re

from chalicelib.compose.html_part import is_tracked
from chalicelib.compose.part import Composing
from chalicelib.compose.pen import TEXT, Pen
from chalicelib.compose.plain import LINK
from chalicelib.compose.revision import Part
from chalicelib.compose.source import Source
from chalicelib.compose.token import tokens

# A contact's field may stand in a URL with a default that has blanks in it, and a URL in a field's default.
_FIELD = r"\{(?:contactfield|leadfield)=[^{}]*+\}"
_URL = re.compile(
    rf"{LINK}(?P<marked>(?:{_FIELD}|[^\s<>\"])++)"
    rf"|{_FIELD}"
    rf"|(?<![A-Za-z0-9])(?P<bare>https?://(?:{_FIELD}|[^\s<>\"])++)",
    re.IGNORECASE,
)
# Punctuation behind a URL is the sentence's (Mautic's list); a slash is the URL's.
_TRAILING = "])}>,.:;'\"!"


def text_part(composing: Composing, source: Source, subject: Part) -> Part:
    """Raises Invalid with line and column where the letter would be broken."""
    pen, at = Pen(composing, source, subject), 0
    for found in _URL.finditer(source.text):
        group = found.lastgroup
        if group is None:
            continue
        end = _end(source, found.start(group), found.end())
        pen.stretch(at, found.start(), TEXT)
        _write(pen, found.start(group), end)
        at = end
    pen.stretch(at, len(source.text), TEXT)
    return pen.writer.done()


def _write(pen: Pen, start: int, end: int) -> None:
    url = pen.source.text[start:end]
    if is_tracked(url, list(tokens(Source(pen.source.part, url), 0, len(url)))):
        pen.link(start, url, "text")
    else:
        pen.stretch(start, end, TEXT)


def _end(source: Source, start: int, end: int) -> int:
    """Without the punctuation behind it, but never within a token."""
    last = start
    for token in tokens(source, start, end):
        last = token.end
    return last + len(source.text[last:end].rstrip(_TRAILING))
