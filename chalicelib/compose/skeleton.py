"""The copy of a page that an inliner gets: its elements with numbers, its style sheets, and nothing else.

Comments, text and raw text could be read in another way than the tokenizer did, and would only take time. Elements have
no styles of their own there: those may hold tokens, which no CSS parser understands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from chalicelib.compose.css import plain
from chalicelib.compose.parsing_cost import VOID
from chalicelib.compose.tags import DOCTYPE, Attribute, Span, attributes

MARK = "data-envoi-mark"

_UNSEEN = frozenset(("head", "title", "base", "link", "style", "meta", "script", "noscript", "template"))
_MEDIA = frozenset(("", "all", "screen"))
_TYPES = frozenset(("", "text/css"))
_NO_TEXT = re.compile(r"(?:\s++|<[!?/][^>]*+>?)++")
# <!--[if !mso]><!--> ... <!--<![endif]-->: everyone but Outlook reads what is between.
_REVEALED = re.compile(
    r"(?P<begin><!--\[if[^\]<>]*+\]>(?:<!)?+\s*+--+>|<!\[if[^\]<>]*+\]>)|<!(?:--\s*+<!)?+\[endif\](?:--)?+>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """`elements` are those that can be styled: their places here are their numbers in `html`, the value of MARK there.
    `css` is all that is to be inlined.
    """

    html: str
    elements: list[Span]
    css: str


class Revealed:
    """Where Outlook reads nothing: what stands there was not meant for everyone."""

    def __init__(self, html: str) -> None:
        found = list(_REVEALED.finditer(html))
        self._starts = [each.start() for each in found]
        self._begins = [each["begin"] is not None for each in found]

    def at(self, place: int) -> bool:
        before = bisect_left(self._starts, place)
        return before > 0 and self._begins[before - 1]


def skeleton(html: str, found: list[Span], revealed: Revealed) -> Skeleton:
    """`found` is every tag and dead stretch outside of conditional comments, in order."""
    doctype = DOCTYPE.match(html)
    copy = _Copy(html, revealed, [doctype[0].lstrip("\ufeff")] if doctype else [])
    at = doctype.end() if doctype else 0
    for span, following in pairwise([*found, Span("dead", "", len(html), len(html))]):
        if _is_text(html, at, span.start):
            copy.pieces.append("x")  # for :empty
        copy.take(span, following)
        at = max(at, span.end)
    return Skeleton("".join(copy.pieces), copy.elements, "".join(copy.css))


@dataclass(slots=True)
class _Copy:
    """`drawings` tells how many <svg> are open: in those, <style> is not the page's."""

    html: str
    revealed: Revealed
    pieces: list[str]
    elements: list[Span] = field(default_factory=list)
    css: list[str] = field(default_factory=list)
    drawings: int = 0

    def take(self, span: Span, following: Span) -> None:
        if span.name == "svg":
            self.drawings += 1 if span.kind == "open" else -1
        if span.kind == "close":
            self.pieces.append(f"</{span.name}>")
        elif span.kind == "open" and span.name == "style":
            self.pieces.append(f"<style>{self._sheet(span, following)}")
        elif span.kind == "open" and span.name in _UNSEEN:
            self.pieces.append("" if span.name in VOID else f"<{span.name}>")
        elif span.kind == "open":
            self._element(span)

    def _element(self, span: Span) -> None:
        at = span.start + 1 + len(span.name)
        self.pieces.append(f'<{span.name} {MARK}="{len(self.elements)}"')
        self.elements.append(span)
        own = attribute(self.html, span, "style")
        if own and own.start < own.end:
            self.pieces += [self.html[at : own.start], "" if own.quote else '""']
            at = own.end
        self.pieces.append(self.html[at : span.end])

    def _sheet(self, span: Span, content: Span) -> str:
        is_whole = content.kind == "dead" and content.start == span.end and self.drawings <= 0
        if not is_whole or self.revealed.at(span.start) or not _is_for_all(self.html, span):
            return ""
        self.css.append(plain(self.html[content.start : content.end]))
        return self.css[-1]


def attribute(html: str, span: Span, name: str) -> Attribute | None:
    return next((each for each in attributes(html, span) if each.name == name), None)


def value(html: str, span: Span, name: str) -> str:
    """Of an attribute, as a browser reads it; "" where there is none."""
    found = attribute(html, span, name)
    return unescape(html[found.start : found.end]).strip() if found else ""


def _is_for_all(html: str, span: Span) -> bool:
    return value(html, span, "media").lower() in _MEDIA and value(html, span, "type").lower() in _TYPES


def _is_text(html: str, start: int, end: int) -> bool:
    blank = _NO_TEXT.match(html, start, end)
    return (blank.end() if blank else start) < end
