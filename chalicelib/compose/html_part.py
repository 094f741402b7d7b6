"""Compiles the HTML of a letter. Every byte outside tokens, tracked links, pixel and preheader stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.compose.argument import check_arguments
from chalicelib.compose.link import write_link
from chalicelib.compose.part import Composing
from chalicelib.compose.pen import Pen
from chalicelib.compose.revision import Part
from chalicelib.compose.source import NOWHERE, Source
from chalicelib.compose.spot import ATTRIBUTE, HTML, PREHEADER, STYLE, URL
from chalicelib.compose.tags import UNTRACKED, Attribute, Span, attributes, closing, is_link, spans
from chalicelib.compose.token import ASSET, BLOCK, FIELDS, URLS, Token, has_known, tokens
from chalicelib.compose.url import RUNNING, TRACKED, decoded, has_host, is_relative, scheme, trimmed

_URL_ATTRIBUTES = frozenset({"href", "src", "background", "action", "poster", "cite"})
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"
_CLASS = re.compile(r"(?:^|\s)preheader(?:\s|$)", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!doctype[^>]*+>", re.IGNORECASE)
_FOREIGN = re.compile(r"\{\{|%7B%7B", re.IGNORECASE)
_WHOLE = "Begin it with https:// and the host."
# Editors put a scheme before what they take for a host.
PREFIXED = re.compile(rf"https?://(?=(?:\{{|%7B)(?:{'|'.join(URLS)})(?:\}}|%7D)$)", re.IGNORECASE)
# What a target may begin with and be tracked.
_BEGINNINGS = FIELDS | {ASSET, BLOCK}


def html_part(composing: Composing, source: Source, preheader: str) -> Part:
    """Raises Invalid with line and column where the letter would be broken."""
    pen = Pen(composing, source, composing.ways, body=_write)
    _write(pen, preheader)
    return pen.writer.done()


def _write(pen: Pen, preheader: str = "") -> None:
    _HtmlPart(pen, preheader).write()


@dataclass(frozen=True, slots=True)
class _HtmlPart:
    pen: Pen
    preheader: str

    def write(self) -> None:
        at, html = 0, self.pen.source.text
        found = list(spans(html))
        for span in found if self.pen.nested else _ordered(html, found, self.preheader):
            if span.start < at:
                continue  # inside a preheader that is replaced
            self.pen.stretch(at, span.start, HTML)
            _WRITERS[span.kind](self, span)
            at = span.end
        self.pen.stretch(at, len(html), HTML)

    def literal(self, span: Span) -> None:
        self.pen.writer.literal(self.pen.source.text[span.start : span.end])

    def dead(self, span: Span) -> None:
        self.literal(span)
        at = has_known(self.pen.source.text, span.start, span.end)
        if at >= 0 and span.name != "!--":
            message = f"A token inside <{span.name}> is not filled in."
            self.pen.composing.cautions.add(self.pen.source, at, message, "Put it into text or a quoted attribute.")

    def unclosed(self, span: Span) -> None:
        self.literal(span)
        if not span.inside:
            comment = "This comment is never closed: nobody sees what follows."
            tag = f"This <{span.name}> tag is never closed: nobody sees what follows."
            message = comment if span.name == "!--" else tag
            self.pen.composing.cautions.add(self.pen.source, span.start, message, "Close it.")

    def put_pixel(self, _span: Span) -> None:
        self.pen.put_decoy()
        if not self.pen.pixel:
            self.pen.put_pixel()

    def put_preheader(self, span: Span) -> None:
        pen = Pen(self.pen.composing, Source("preheader", self.preheader), self.pen.ways)
        pen.stretch(0, len(self.preheader), PREHEADER)
        inserted = span.start == span.end and span.name == "div"
        self.pen.writer.literal(f'<div class="preheader" style="{_HIDDEN}">' if inserted else "")
        self.pen.writer.part(pen.writer.done())
        self.pen.writer.literal("</div>" if inserted else "")

    def tag(self, span: Span) -> None:
        found = attributes(self.pen.source.text, span)
        untracked = any(each.name in UNTRACKED for each in found)
        at = span.start
        for each in found:
            if each.start == each.end:
                self._empty(span, each)
                continue
            self._outside(at, each.start)
            self._value(span, each, untracked=untracked)
            at = each.end
        self._outside(at, span.end)

    def _value(self, span: Span, attribute: Attribute, *, untracked: bool) -> None:
        name = attribute.name
        if name == "href" and is_link(span.name):
            self._href(attribute, untracked=untracked)
        elif name in _URL_ATTRIBUTES:
            self.pen.stretch(attribute.start, attribute.end, URL)
        elif attribute.quote and not name.startswith("on") and name != "srcdoc":
            self.pen.stretch(attribute.start, attribute.end, STYLE if name == "style" else ATTRIBUTE)
        else:
            self._outside(attribute.start, attribute.end)

    def _outside(self, start: int, end: int) -> None:
        """Here a value could end the tag or begin an attribute: no token may stand here."""
        at = has_known(self.pen.source.text, start, end)
        if at >= 0:
            shown = self.pen.source.text[at : at + 60]
            mend = "Inside a tag a token may stand only in a quoted value, and not in a script: put quotes around it."
            raise self.pen.source.fault(at, shown, mend)
        self.pen.writer.literal(self.pen.source.text[start:end])

    def _href(self, attribute: Attribute, *, untracked: bool) -> None:
        source, start, end = self.pen.source, attribute.start, attribute.end
        check_arguments(source, start, end)  # here they are told with their true places
        url = trimmed(decoded(source.text[start:end]))
        self._refuse_broken(start, url)
        if not untracked and is_tracked(url, list(tokens(Source("html", url), 0, len(url)))):
            write_link(self.pen, start, end, url, "html")
            return
        if prefix := PREFIXED.match(source.text, start, end):
            start = prefix.end()
        self.pen.stretch(start, end, URL)
        self._caution(attribute.start, url)

    def _empty(self, span: Span, attribute: Attribute) -> None:
        if attribute.name == "href" and is_link(span.name):
            self._caution(attribute.start, "")

    def _caution(self, at: int, url: str) -> None:
        """A mail has no address of its own that a relative URL could begin at."""
        if not url:
            message, mend = NOWHERE, "Write its URL, or take the link out."
        elif is_relative(url) and not _is_begun(url):
            message, mend = f"The link to {url[:60]} leads nowhere in a mail.", _WHOLE
        else:
            return
        self.pen.composing.cautions.add(self.pen.source, at, message, mend)

    def _refuse_broken(self, at: int, url: str) -> None:
        if scheme(url) in RUNNING:
            mend = "A link in a letter begins with https:, http:, mailto: or tel:."
            raise self.pen.source.fault(at, url, mend)
        if scheme(url) in TRACKED and not has_host(url):
            raise self.pen.source.fault(at, url, "This link has no host: write it whole, such as https://example.org/.")


def _is_begun(url: str) -> bool:
    """Whether a token, ours or another system's, begins it: then it is that token's value that decides."""
    first = next(tokens(Source("html", url), 0, len(url)), None)
    return _FOREIGN.match(url) is not None or (first is not None and first.start == 0)


def is_tracked(url: str, found: list[Token]) -> bool:
    """http, https and ftp, and what begins with a contact's field, an asset or a block. Not unsubscribe, web version
    and the like (they have their own endpoints), and not what another system's templates, or the sending, are to fill
    in: that is no URL yet.
    """
    if "{{" in url or any(token.name in URLS for token in found):
        return False
    if found and found[0].start == 0:
        return found[0].name in _BEGINNINGS
    return scheme(url) in TRACKED and has_host(url)


def _ordered(html: str, found: list[Span], preheader: str) -> list[Span]:
    """The spans, with where the pixel and the preheader go between them."""
    extra = [_pixel_place(html, found)]
    if preheader:
        extra.append(_preheader_place(html, found))
    return sorted([*found, *extra], key=lambda span: (span.start, span.end))


def _last(found: Iterable[Span], kind: str, name: str) -> Span | None:
    return next((s for s in reversed(list(found)) if (s.kind, s.name, s.inside) == (kind, name, False)), None)


def _first(found: Iterable[Span], kind: str, name: str) -> Span | None:
    return next((s for s in found if (s.kind, s.name, s.inside) == (kind, name, False)), None)


def _pixel_place(html: str, found: list[Span]) -> Span:
    """Before the last `</body>`, or `</html>`, or what is never closed, or at the end."""
    unclosed = next((s for s in found if s.kind == "unclosed" and not s.inside), None)
    before = _last(found, "close", "body") or _last(found, "close", "html") or unclosed
    at = before.start if before else len(html)
    return Span("pixel", "img", at, at)


def _preheader_place(html: str, found: list[Span]) -> Span:
    """The content of an element with the class `preheader`, or else a new one right behind `<body>`."""
    existing = next((span for span in found if _is_preheader(html, span)), None)
    if existing and (end := closing(html, existing.name, existing.end)) >= 0:
        return Span("preheader", "content", existing.end, end)
    body = _first(found, "open", "body") or _first(found, "close", "head") or _first(found, "open", "html")
    doctype = _DOCTYPE.match(html)
    at = body.end if body else doctype.end() if doctype else 0
    return Span("preheader", "div", at, at)


def _is_preheader(html: str, span: Span) -> bool:
    if span.kind != "open" or span.name not in ("div", "span") or span.inside:
        return False
    classes = (html[a.start : a.end] for a in attributes(html, span) if a.name == "class")
    return any(_CLASS.search(each) for each in classes)


_WRITERS: Mapping[str, Callable[[_HtmlPart, Span], None]] = MappingProxyType(
    {
        "open": _HtmlPart.tag,
        "close": _HtmlPart.literal,
        "dead": _HtmlPart.dead,
        "unclosed": _HtmlPart.unclosed,
        "preheader": _HtmlPart.put_preheader,
        "pixel": _HtmlPart.put_pixel,
    }
)
