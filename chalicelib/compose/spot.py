"""The kinds of places in a letter, and which tokens may stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from urllib.parse import quote

from chalicelib.compose.part import same
from chalicelib.compose.revision import Place
from chalicelib.compose.token import BLOCK, FIELDS, KNOWN, OWNER, PIXEL, SIGNATURE, SUBJECT, TEXTS, TODAY, URLS


@dataclass(frozen=True, slots=True)
class Spot:
    """Its name for people, which known tokens may stand there, and how literals go in."""

    called: str
    place: Place
    allowed: frozenset[str]
    literal: Callable[[str], str] = same


_VALUES = FIELDS | {OWNER, TODAY, BLOCK}
FROM_NAME = Spot("a header", "header", _VALUES)
SUBJECT_LINE = Spot("a header", "header", _VALUES | {SIGNATURE})
HEADER = Spot("a header", "header", _VALUES | {SIGNATURE, SUBJECT} | URLS.keys())
PREHEADER = Spot("the preheader", "html", _VALUES | {SIGNATURE, SUBJECT}, escape)
TEXT = Spot("the text", "text", KNOWN)
HTML = Spot("the HTML", "html", KNOWN)
ATTRIBUTE = Spot("an attribute", "html", KNOWN - TEXTS.keys() - {PIXEL})
STYLE = Spot("a style", "html_style", ATTRIBUTE.allowed)
URL = Spot("a URL", "html_url", KNOWN - TEXTS.keys() - {PIXEL})
# A URL that is not tracked, in the text.
TEXT_URL = Spot("a URL", "text_url", URL.allowed)
# The content of a block that stands in a URL.
URL_CONTENT = Spot("a block within a URL", "text_url", URL.allowed - URLS.keys() - {BLOCK})


def _in_url(text: str) -> str:
    return quote(text, safe="")


# How the text of another part of the letter is written in a place.
QUOTING: Mapping[Place, Callable[[str], str]] = MappingProxyType(
    {"html": escape, "html_style": escape, "html_url": _in_url, "text_url": _in_url, "header": same, "text": same}
)
