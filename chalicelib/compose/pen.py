"""Writes stretches of a source into a part: literals as they are, tokens as slots for the place where they land."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from chalicelib.compose.added import write_decoy, write_pixel
from chalicelib.compose.argument import argument
from chalicelib.compose.dynamic import Use, block_slot
from chalicelib.compose.escape import as_link
from chalicelib.compose.part import TRACK, Composing, Writer
from chalicelib.compose.revision import Modifier, Part, Place, Slot
from chalicelib.compose.sentence import write_sentence
from chalicelib.compose.slot_of import VALUES, modifier_behind, slot_of
from chalicelib.compose.source import Source
from chalicelib.compose.spot import HTML, QUOTING, TEXT_URL, URL, Spot
from chalicelib.compose.token import (
    ASSET,
    BLOCK,
    KNOWN,
    OWNER,
    SIGNATURE,
    SUBJECT,
    TEXTS,
    URLS,
    Token,
    nearest,
    tokens,
)
from chalicelib.compose.url import ascii_url
from chalicelib.model.token import UNTRACKED


@dataclass(slots=True)
class Pen:
    """`body` writes the content of a block as this part is written; without it a block is one line of its text. A
    `nested` pen writes such a content. `pixel` tells whether the tracking pixel has been placed; `tracked` how many
    links this part has; `ways` are the endpoints that it leads to.
    """

    composing: Composing
    source: Source
    ways: set[str]
    body: Callable[[Pen], None] | None = None
    nested: bool = False
    pixel: bool = False
    tracked: int = 0
    writer: Writer = field(init=False)

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
        self.ways.add(name)
        self.address(f"{self.composing.base_url}/{name}/")

    def inner(self, source: Source) -> Pen:
        """For one content of a block in this part."""
        return Pen(self.composing, source, set(), nested=True, pixel=True, tracked=self.tracked)

    def put_pixel(self) -> None:
        if self.composing.tracked:
            write_pixel(self.writer, self.composing.base_url)
        self.pixel = True

    def put_decoy(self) -> None:
        composing = self.composing
        if composing.tracked and composing.kind == "segment":
            composing.decoys.append(composing.link(f"{composing.base_url}/"))
            write_decoy(self.writer, composing.base_url, composing.decoys[-1])

    def address(self, before: str) -> None:
        """The recipient's token, with this before it."""
        self.writer.literal(before)
        if self.composing.tracked:
            self.writer.slot(TRACK)
        else:
            self.writer.literal(UNTRACKED)

    def _token(self, token: Token, start: int, spot: Spot) -> None:
        shown = self.source.text[token.start : token.end]
        self.check(token, spot, token.start, shown)
        before = self.source.text[start : token.start] if spot in (URL, TEXT_URL) else None
        if token.name in VALUES or self.per_send(token):
            lines: Modifier = "lines" if spot is HTML and token.name in (OWNER, SIGNATURE) else ""
            modifier = lines if before is None else modifier_behind(before)
            slot = slot_of(self.composing, self.source, token, spot.place, modifier)
            self.check_default(slot, token.start, shown)
            self.writer.slot(slot)
        elif token.name in KNOWN:
            self._known(token, spot, before, shown)
        else:
            self.writer.literal(spot.literal(shown))
            self.report(token, token.start, shown)

    def _known(self, token: Token, spot: Spot, before: str | None, shown: str) -> None:
        if token.name in URLS:
            self._own_url(token.name, before)
        elif token.name in TEXTS:
            write_sentence(self, token.name, in_html=spot is HTML)
        elif token.name == SUBJECT:
            self.writer.part(self.subject(spot.place))
        elif token.name == ASSET:
            address = self.asset(argument(self.source, token).name, token.start, shown)
            self.writer.literal(escape(address) if spot.place.startswith("html") else address)
        elif token.name == BLOCK:
            use = Use(self.source, token, token.start, spot, before or "")
            self.writer.slot(self.block(use, spot.place))
        elif spot is HTML and not self.pixel:
            self.put_pixel()
        else:
            message = "The pixel stands in the HTML once; this {tracking_pixel} is taken out."
            self.composing.cautions.add(self.source, token.start, message, "Remove it.")

    def _own_url(self, name: str, before: str | None) -> None:
        """Within another URL it is a value of that one, and percent-encoded."""
        if before is None or not before.strip():
            self.endpoint(URLS[name])
        else:
            self.ways.add(URLS[name])
            self.address(quote(f"{self.composing.base_url}/{URLS[name]}/", safe=""))

    def subject(self, place: Place) -> Part:
        return self.composing.slots.placed(self.composing.subject, place, QUOTING[place])

    def asset(self, name: str, at: int, shown: str) -> str:
        address = self.composing.stationery.assets.get(name.lower())
        if address is None:
            mend = f"There is no asset {name[:40]!r}: write the id that uploading it gave."
            raise self.source.fault(at, shown, mend)
        return ascii_url(address)

    def block(self, use: Use, place: Place) -> Slot:
        return block_slot(self, use, place)

    def per_send(self, token: Token) -> bool:
        return self.composing.kind == "template" and not token.rest and token.name not in KNOWN

    def report(self, token: Token, at: int, shown: str) -> None:
        message = f"{shown[:60]} is no token and stays as it is."
        if self.composing.cautions.takes(self.source, message):
            self.composing.cautions.add(self.source, at, message, _instead(token.name))

    def check_default(self, slot: Slot, at: int, shown: str) -> None:
        """A value that begins a link is a whole URL, or else its default is."""
        if slot.kind == "field" and slot.modifier == "link" and slot.default and not as_link(slot.default):
            message = f"The default {slot.default[:60]!r} is no URL: without a value this leads nowhere."
            mend = "Write the default whole: {contactfield=alias|https://example.org/}."
            self.composing.cautions.add(self.source, at, f"{shown[:60]}: {message}", mend)

    def check(self, token: Token, spot: Spot, at: int, shown: str) -> None:
        if token.name in KNOWN and token.name not in spot.allowed:
            instead = token.name.replace("_text", "_url")
            mend = f" Use {{{instead}}} there." if token.name in TEXTS and instead in spot.allowed else " Take it out."
            raise self.source.fault(at, shown, f"This token cannot stand in {spot.called}.{mend}")


def _instead(name: str) -> str:
    if name == "pagelink":
        return "Envoi has no pages of its own: write the page's address instead."
    close = nearest(name)
    return f"Did you mean {{{close}}}?" if close else "Remove it, if it is not meant to be read as it stands."
