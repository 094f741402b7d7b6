"""Compiles the text of a letter: tokens, and bare URLs as tracked links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from chalicelib.compose.argument import check_arguments
from chalicelib.compose.html_part import PREFIXED, is_tracked
from chalicelib.compose.link import write_link
from chalicelib.compose.part import Composing
from chalicelib.compose.pen import Pen
from chalicelib.compose.plain import AS_IT_IS, LINK
from chalicelib.compose.revision import Part
from chalicelib.compose.source import Source
from chalicelib.compose.spot import TEXT, TEXT_URL, URL
from chalicelib.compose.token import KNOWN, tokens

# Tokens with values may stand in a URL, with blanks in their defaults, and a URL may stand in a field's default.
_VALUE = r"\{(?:contactfield=|leadfield=|ownerfield=|dynamiccontent=|today\|)[^{}]*+\}"
_ASSET = r"\{assetlink=[^{}]*+\}"
_PIECE = rf"{_VALUE}|{_ASSET}|[^\s<>\"()]"
# A parenthesis that the URL did not open is the sentence's.
_PIECES = rf"(?:{_PIECE}|\((?:{_PIECE})*+\)|\()++"
_URL = re.compile(
    rf"{LINK}(?P<marked>{_PIECES})"
    rf"|{AS_IT_IS}(?P<as_it_is>{_PIECES})"
    rf"|{_VALUE}"
    rf"|(?P<asset>{_ASSET})"
    rf"|(?<![A-Za-z0-9])(?P<bare>https?://{_PIECES})",
    re.IGNORECASE,
)
# Punctuation behind a URL is the sentence's (Mautic's list); a slash is the URL's, and so is a bracket that it opened
# itself: https://en.wikipedia.org/wiki/Mars_(planet).
_TRAILING = "])}>,.:;'\"!"
_OPENED: Mapping[str, str] = MappingProxyType({"]": "[", ")": "(", "}": "{"})


def text_part(composing: Composing, source: Source) -> Part:
    """Raises Invalid with line and column where the letter would be broken."""
    pen = Pen(composing, source, composing.ways, body=_write)
    _write(pen)
    return pen.writer.done()


def _write(pen: Pen) -> None:
    source, at = pen.source, 0
    for found in _URL.finditer(source.text):
        group = found.lastgroup
        if group is None:
            continue
        end = _end(source, found.start(group), found.end())
        pen.stretch(at, found.start(), TEXT)
        if group == "as_it_is":
            pen.stretch(found.start(group), end, TEXT_URL)
        else:
            _write_url(pen, found.start(group), end)
        at = end
    pen.stretch(at, len(source.text), TEXT)


def urls(text: str) -> Iterator[str]:
    """The bare URLs of a finished text, as a mail client would make links of them."""
    source = Source("text", text)
    for found in _URL.finditer(text):
        if found.lastgroup is not None:
            start = found.start(found.lastgroup)
            yield text[start : _end(source, start, found.end())]


def _write_url(pen: Pen, start: int, end: int) -> None:
    check_arguments(pen.source, start, end)  # here they are told with their true places
    url = pen.source.text[start:end]
    if is_tracked(url, list(tokens(Source(pen.source.part, url), 0, len(url)))):
        write_link(pen, start, end, url, "text")
    else:
        prefix = PREFIXED.match(pen.source.text, start, end)
        pen.stretch(prefix.end() if prefix else start, end, TEXT)


def _end(source: Source, start: int, end: int) -> int:
    """Without the punctuation behind it, but never within a token; a token that no URL can have ends it."""
    last = start
    for token in tokens(source, start, end):
        if token.name in KNOWN - URL.allowed:
            end = token.start
            break
        last = token.end
    return last + len(_without_trailing(source.text[last:end]))


def _without_trailing(url: str) -> str:
    end, left = len(url), Counter(url)
    while end and (last := url[end - 1]) in _TRAILING and left[_OPENED.get(last, "")] < left[last]:
        left[last] -= 1
        end -= 1
    return url[:end]
