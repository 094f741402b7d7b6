"""The files that HTML and MJML name: pictures, style sheets and scripts, in Outlook's conditional comments too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from chalicelib.compose.page_import.css_names import Name, in_attribute, in_sheet
from chalicelib.compose.tags import EVERY, Attribute, Span, attributes, spans

PICTURES = frozenset(("src", "background", "poster", "background-url", "thumbnails-src"))
SRCSET = "srcset"
STYLE = "style"
SCRIPT = "script"
SHEET = "stylesheet"
# What these show is a page of its own.
FRAMES = frozenset(("iframe", "frame", "embed"))
# A comma ends a candidate where a blank, another comma or the end is behind it (WHATWG HTML 4.8.4.2.1).
_CANDIDATE = re.compile(r"(?P<name>[^\s,](?:[^\s,]|,(?=[^\s,]))*+)(?:\s[^,]*+)?+")


@dataclass(frozen=True, slots=True)
class Linked:
    """A <link> to a style sheet; `media` as the source has it, `inside` tells of conditional comments."""

    start: int
    end: int
    value: str
    media: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Scripted:
    value: str


def names(html: str) -> Iterator[Name | Linked | Scripted]:
    """In the order of tags."""
    found = list(spans(html, EVERY))
    for span, following in pairwise([*found, Span("dead", "", len(html), len(html))]):
        if span.kind == "open":
            yield from _in_tag(html, span)
        if span.kind == "dead" and span.name == STYLE:
            yield from in_sheet(html, span.start, span.end)
        if span.kind == "open" and span.name == "mj-style":
            yield from in_sheet(html, span.end, following.start)


def _in_tag(html: str, span: Span) -> Iterator[Name | Linked | Scripted]:
    given = {each.name: each for each in attributes(html, span)}
    if span.name == SCRIPT and "src" in given:
        yield Scripted(_value(html, given["src"]))
    elif span.name == "link" and SHEET in _words(html, given) and "href" in given:
        media = html[given["media"].start : given["media"].end] if "media" in given else ""
        yield Linked(span.start, span.end, _value(html, given["href"]), media, span.inside)
    elif span.name not in FRAMES:
        for each in given.values():
            yield from _in_attribute(html, each)


def _in_attribute(html: str, each: Attribute) -> Iterator[Name]:
    if each.name in PICTURES:
        yield Name(each.start, each.end, _value(html, each))
    elif each.name == STYLE:
        yield from in_attribute(html, each.start, each.end)
    elif each.name == SRCSET:
        for match in _CANDIDATE.finditer(html, each.start, each.end):
            yield Name(*match.span("name"), unescape(match["name"]))


def _words(html: str, given: dict[str, Attribute]) -> list[str]:
    words = _value(html, given["rel"]).lower().split() if "rel" in given else []
    return [] if "alternate" in words else words


def _value(html: str, each: Attribute) -> str:
    return unescape(html[each.start : each.end]).strip()
