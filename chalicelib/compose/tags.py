"""One linear pass over HTML: where the tags are that matter, and where nothing is to be looked for.

It reads as a browser does (WHATWG HTML 13.2.5, tokenization) as far as this needs: quoted values may hold `>`,
an unclosed quote or comment reaches to the end, `<style>` and `<script>` hold raw text. Unlike a browser it also
reads inside Outlook's conditional comments, whose links people click too. Every expression is possessive, and what
was looked at once is never looked at again, so no input takes more than linear time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

# "preheader" and "pixel" are where those go: `html_part` puts them between what it finds here.
Kind = Literal["open", "close", "dead", "unclosed", "preheader", "pixel"]

_NEXT = re.compile(
    r"<(?:(?P<comment>!--)"
    r"|(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+|(?=>)|\Z))*+)(?P<end>>?)"
    r"|[!?/][^>]*+>?)"
)
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?P<name>=?[^\s/>=]*+)"
    r"(?:\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s>\"'][^\s>]*+))?+)?+"
)
_CONDITION = re.compile(r"<!--\[if[^\]>]*+\]>", re.IGNORECASE)
# At the beginning of a page; some editors put a byte order mark there.
DOCTYPE = re.compile(r"\ufeff?\s*+<!doctype[^>]*+>", re.IGNORECASE)
_BRACE = re.compile(r"\{|%7B", re.IGNORECASE)
_PREHEADER = re.compile(r"preheader", re.IGNORECASE)

# Raw text: neither tags nor tokens. In <title> and <textarea> there are no tags, but text that people see.
_RAW = frozenset({"style", "script", "xmp", "iframe", "noembed", "noframes"})
_TEXT_ONLY = frozenset({"title", "textarea"})
_LANDMARKS = frozenset({"html", "head", "body"})
_BLOCKS = frozenset({"div", "span"})
_CLOSERS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW | _TEXT_ONLY}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end`. `name` is the tag's, in lower case; `inside` tells of conditional comments."""

    kind: Kind
    name: str
    start: int
    end: int
    inside: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """`inside` a conditional comment; `names` of the tags that are looked for, None for those that compiling needs."""

    inside: bool
    names: Container[str] | None


class _Every:
    def __contains__(self, _name: object) -> bool:
        return True


EVERY: Container[str] = _Every()
# A link with one of these attributes leads where it leads.
UNTRACKED = frozenset({"mautic:disable-tracking", "data-mautic-disable-tracking", "data-envoi-disable-tracking"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """`start` and `end` are the value's, without its quotes; `quote` is "" for a bare value."""

    name: str
    start: int
    end: int
    quote: str


def spans(html: str, names: Container[str] | None = None) -> Iterator[Span]:
    """In order, without overlaps: tags that are links, landmarks, preheaders or have braces in them; closing landmarks;
    dead stretches (comments, raw text); and, last, what is not closed. With `names`, the tags are all that open or
    close such an element, and no others.
    """
    return _spans(html, 0, len(html), _Look(inside=False, names=names))


def attributes(html: str, span: Span) -> list[Attribute]:
    """Of an open tag. Where one stands twice, the first counts (13.2.5.33)."""
    found: dict[str, Attribute] = {}
    at, end = span.start + 1 + len(span.name), span.end - 1
    while at < end:
        match = _ATTRIBUTE.match(html, at, end)
        if match is None or match.end() == at:
            break
        at = match.end()
        if match["name"]:
            found.setdefault(match["name"].lower(), _attribute(match))
    return list(found.values())


def closing(html: str, name: str, at: int) -> int:
    """Where the element that was opened before `at` is closed again, counting its like inside; -1 if nowhere."""
    depth = 1
    for match in re.finditer(rf"<(/?){name}(?=[\s/>])", html[at:], re.IGNORECASE):
        depth += -1 if match[1] else 1
        if not depth:
            return at + match.start()
    return -1


def is_link(name: str) -> bool:
    """<a>, <area>, and VML's shapes in Outlook's conditional comments."""
    return name in ("a", "area") or name.startswith("v:")


def _attribute(match: re.Match[str]) -> Attribute:
    for group, quote in (("double", '"'), ("single", "'"), ("bare", "")):
        if match[group] is not None:
            return Attribute(match["name"].lower(), match.start(group), match.end(group), quote)
    return Attribute(match["name"].lower(), match.end(), match.end(), "")


def _spans(html: str, at: int, end: int, look: _Look) -> Iterator[Span]:
    while match := _NEXT.search(html, at, end):
        at = match.end()
        if match["comment"]:
            yield from (comment := _comment(html, match.start(), end, look))
            at = comment[-1].end
        elif match["name"]:
            yield from (tag := _tag(html, match, end, look))
            at = tag[-1].end if tag else at


def _tag(html: str, match: re.Match[str], end: int, look: _Look) -> list[Span]:
    name, start = match["name"].lower(), match.start()
    if not match["end"]:
        return [Span("unclosed", name, start, end, look.inside)]
    if match["slash"]:
        matters = name in (_LANDMARKS if look.names is None else look.names)
        return [Span("close", name, start, match.end(), look.inside)] if matters else []
    matters = _matters(name, match["rest"]) if look.names is None else name in look.names
    found = [Span("open", name, start, match.end(), look.inside)] if matters else []
    if name in _CLOSERS:
        found += _content(html, name, match.end(), end, inside=look.inside)
    return found


def _matters(name: str, rest: str) -> bool:
    if is_link(name) or name in _LANDMARKS:
        return True
    if name in _BLOCKS and _PREHEADER.search(rest):
        return True
    return _BRACE.search(rest) is not None


def _content(html: str, name: str, start: int, end: int, *, inside: bool) -> list[Span]:
    closer = _CLOSERS[name].search(html, start, end)
    upto = closer.start() if closer else end
    if name in _RAW:
        return [Span("dead", name, start, upto, inside)]
    # An empty stretch at its end: the text is looked at for tokens, and the search for tags goes on behind it.
    return [Span("dead", name, upto, upto, inside)]


def _comment(html: str, start: int, end: int, look: _Look) -> list[Span]:
    """`<!-->` and `<!--->` are whole comments (13.2.5.43); comments do not nest."""
    for short in ("<!-->", "<!--->"):
        if html.startswith(short, start, end):
            return [Span("dead", "!--", start, start + len(short), look.inside)]
    close = html.find("-->", start + 4, end)
    if close < 0:
        return [Span("unclosed", "!--", start, end, look.inside)]
    condition = None if look.inside else _CONDITION.match(html, start, close)
    if condition is None:
        return [Span("dead", "!--", start, close + 3, look.inside)]
    within = list(_spans(html, condition.end(), close, _Look(inside=True, names=look.names)))
    return [*within, Span("dead", "!--", close, close + 3, look.inside)]
