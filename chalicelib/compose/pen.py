"""Writes stretches of a source into a part: literals as they are, tokens as slots for the place where they land."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from urllib.parse import quote

from chalicelib.compose.part import TRACK, Composing, Writer
from chalicelib.compose.revision import Modifier, Part, Place, Slot
from chalicelib.compose.source import Source
from chalicelib.compose.token import FIELDS, KNOWN, PIXEL, SUBJECT, TEXTS, URLS, Token, nearest, tokens
from chalicelib.compose.url import MAX_TARGET, ascii_url, decoded, scheme

MAX_LINKS = 1_000
_UNPLAIN = re.compile(r"[\x00-\x1f\x7f]|</?[a-z!]", re.IGNORECASE)

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "unsubscribe_text": "Unsubscribe from these e-mails",
        "webview_text": "Read this e-mail in your browser",
    }
)
ENDPOINTS: Mapping[str, str] = MappingProxyType(dict(URLS) | {"unsubscribe_text": "u", "webview_text": "w"})


def _same(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Spot:
    """A kind of place in a letter: its name for people, which known tokens may stand there, and how literals go in."""

    called: str
    place: Place
    allowed: frozenset[str]
    literal: Callable[[str], str] = _same


_HEADER = Spot("a header", "header", FIELDS)
SUBJECT_LINE, FROM_NAME = _HEADER, _HEADER
PREHEADER = Spot("the preheader", "html", FIELDS | {SUBJECT}, escape)
TEXT = Spot("the text", "text", KNOWN)
HTML = Spot("the HTML", "html", KNOWN)
ATTRIBUTE = Spot("an attribute", "html", KNOWN - TEXTS - {PIXEL})
URL = Spot("a URL", "html_url", KNOWN - TEXTS - {PIXEL})


@dataclass(slots=True)
class Pen:
    """`pixel` tells whether the tracking pixel has been placed; `tracked` how many links this part has."""

    composing: Composing
    source: Source
    subject: Part = ()
    writer: Writer = field(init=False)
    pixel: bool = False
    tracked: int = 0

    def __post_init__(self) -> None:
        self.writer = Writer(self.composing.slots)

    def stretch(self, start: int, end: int, spot: Spot) -> None:
        at = start
        for token in tokens(self.source, start, end):
            self.writer.literal(spot.literal(self.source.text[at : token.start]))
            self._token(token, start, spot)
            at = token.end
        self.writer.literal(spot.literal(self.source.text[at:end]))

    def endpoint(self, name: str) -> None:
        """The recipient's own URL of an endpoint: all of them share the tracking token's slot."""
        self.writer.literal(f"{self.composing.base_url}/{name}/")
        self.writer.slot(TRACK)

    def put_pixel(self) -> None:
        """In parts of its own, so that the web version finds them and leaves them out."""
        head, tail = pixel(self.composing.base_url)
        self.writer.sealed(head)
        self.writer.slot(TRACK)
        self.writer.sealed(tail)
        self.pixel = True

    def link(self, at: int, url: str, place: Place) -> None:
        """A tracked link to `url`, whose tokens, if any, are filled in per recipient."""
        self._count(at, url)
        target = self._target(url)
        if len(target) == 1 and isinstance(target[0], str):
            number = self.composing.link(target[0])
            self.endpoint("c")
            self.writer.literal(f"/{number}")
        else:
            self.writer.slot(Slot("target", place, target=target, link=self.composing.link("")))

    def _count(self, at: int, url: str) -> None:
        self.tracked += 1
        if self.tracked > MAX_LINKS:
            raise self.source.fault(at, url, f"A part may have {MAX_LINKS} tracked links: take some out.")
        if len(url) > MAX_TARGET:
            raise self.source.fault(at, url, f"A link may have {MAX_TARGET} characters.")

    def _target(self, url: str) -> Part:
        """The target's own parts, for values that are percent-encoded into it."""
        source, writer, at = Source(self.source.part, url), Writer(self.composing.slots), 0
        for token in tokens(source, 0, len(url)):
            writer.literal(ascii_url(url[at : token.start]))
            at = token.end
            if token.name in FIELDS:
                writer.slot(self._field(token, "text_url", _modifier(url[: token.start])))
            elif token.name == SUBJECT:
                writer.part(self._subject("text_url"))
            elif self._per_send(token):
                writer.slot(Slot("token", "text_url", token.name, url[token.start : token.end]))
            else:
                writer.literal(ascii_url(url[token.start : token.end]))
        writer.literal(ascii_url(url[at:]))
        return writer.done()

    def _token(self, token: Token, start: int, spot: Spot) -> None:
        self._check(token, spot)
        before = self.source.text[start : token.start] if spot is URL else None
        if token.name in FIELDS:
            modifier: Modifier = "" if before is None else _modifier(before)
            self.writer.slot(self._field(token, spot.place, modifier))
        elif token.name in KNOWN:
            self._known(token, spot)
        elif self._per_send(token):
            modifier = "link" if before is not None and not before.strip() else ""
            shown = self.source.text[token.start : token.end]
            self.writer.slot(Slot("token", spot.place, token.name, shown, modifier))
        else:
            self._unknown(token, spot)

    def _known(self, token: Token, spot: Spot) -> None:
        if token.name in URLS:
            self.endpoint(URLS[token.name])
        elif token.name in TEXTS:
            self._sentence(token.name, spot)
        elif token.name == SUBJECT:
            self.writer.part(self._subject(spot.place))
        elif spot is HTML and not self.pixel:
            self.put_pixel()
        else:
            message = "The pixel stands in the HTML once; this {tracking_pixel} is taken out."
            self.composing.cautions.add(self.source, token.start, message, "Remove it.")

    def _sentence(self, name: str, spot: Spot) -> None:
        sentence = SENTENCES[name]
        self.writer.literal('<a href="' if spot is HTML else f"{sentence}: ")
        self.endpoint(ENDPOINTS[name])
        self.writer.literal(f'">{sentence}</a>' if spot is HTML else "")

    def _subject(self, place: Place) -> Part:
        literal = _LITERALS.get(place, _same)
        part = self.composing.slots.placed(self.subject, place)
        return tuple(literal(each) if isinstance(each, str) else each for each in part)

    def _field(self, token: Token, place: Place, modifier: Modifier) -> Slot:
        default = token.default
        if self.source.part == "html":
            # what stands in HTML is HTML: its default is read before it is escaped again
            default = " ".join(decoded(default).split())
        if _UNPLAIN.search(default):
            shown = self.source.text[token.start : token.end]
            raise self.source.fault(token.start, shown, "A default is one line of plain text, without tags.")
        return Slot("field", place, token.alias, default, "plus" if token.modifier else modifier)

    def _per_send(self, token: Token) -> bool:
        return self.composing.kind == "template" and token.bare

    def _unknown(self, token: Token, spot: Spot) -> None:
        shown = self.source.text[token.start : token.end]
        self.writer.literal(spot.literal(shown))
        close = nearest(token.name)
        mend = f"Did you mean {{{close}}}?" if close else "Remove it, if it is not meant to be read as it stands."
        self.composing.cautions.add(self.source, token.start, f"{shown[:60]} is no token and stays as it is.", mend)

    def _check(self, token: Token, spot: Spot) -> None:
        if token.name in KNOWN and token.name not in spot.allowed:
            instead = token.name.replace("_text", "_url")
            mend = f" Use {{{instead}}} there." if token.name in TEXTS and instead in spot.allowed else " Take it out."
            shown = self.source.text[token.start : token.end]
            raise self.source.fault(token.start, shown, f"This token cannot stand in {spot.called}.{mend}")


def pixel(base_url: str) -> tuple[str, str]:
    """What stands before and behind the token. Not `display:none`: what is not displayed is not fetched."""
    style = "display:block;width:1px;height:1px;border:0"
    return f'<img src="{base_url}/o/', f'" width="1" height="1" alt="" style="{style}">'


def _modifier(before: str) -> Modifier:
    """What a value means in a URL depends on what stands before it."""
    if not before.strip():
        return "link"
    return "mailbox" if scheme(before.strip()) in ("mailto", "tel", "sms") else ""


def _quoted(text: str) -> str:
    return quote(text, safe="")


_LITERALS: Mapping[Place, Callable[[str], str]] = MappingProxyType(
    {"html": escape, "html_url": _quoted, "text_url": _quoted}
)
