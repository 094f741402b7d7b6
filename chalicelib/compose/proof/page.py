"""A letter as its proof-readers get it, and a walk over its HTML that knows what is open where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chalicelib.compose.plain import plain_text
from chalicelib.compose.source import Source
from chalicelib.compose.tags import EVERY, Span, attributes, spans
from chalicelib.compose.url import decoded
from chalicelib.model.email import Email
from chalicelib.model.finding import Finding, Level
from chalicelib.model.workspace import Workspace

# These have no content and no end (WHATWG HTML 13.1.2, void elements).
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
MAX_DEPTH = 512
MAX_SAME = 20


@dataclass(frozen=True)
class Page:
    """`html` is what is compiled (MJML converted, CSS inlined); places are told in it, under the field `part` that the
    author edits. `html_bytes` is the size of the HTML as it goes out, values aside.
    """

    email: Email
    workspace: Workspace
    html: str
    part: str = "html"
    html_bytes: int = 0

    @cached_property
    def source(self) -> Source:
        return Source(self.part, self.html)

    @cached_property
    def generated_text(self) -> str:
        return plain_text(self.html) if self.html else ""

    @property
    def text(self) -> str:
        return self.email.text if self.email.text.strip() else self.generated_text

    def found(self, level: Level, code: str, at: int, message: str, mend: str) -> Finding:
        return Finding(level, code, f"{self.part}, {self.source.place(at)}", message, mend)


@dataclass(frozen=True, slots=True)
class Element:
    """An open element: its attributes (references decoded) and where it begins."""

    name: str
    at: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text between two tags, and the elements that it stands in, the outermost first."""

    text: str
    at: int
    inside: tuple[Element, ...]


def elements(page: Page) -> Iterator[Element]:
    """Every element that everybody's mail program reads, in order; not those in Outlook's comments."""
    for span in spans(page.html, EVERY):
        if span.kind == "open" and not span.inside:
            yield _element(page.html, span)


def stretches(page: Page) -> Iterator[Stretch]:
    """Text that is not blank, with the elements around it. What is nested deeper than MAX_DEPTH has the outer ones."""
    inside: list[Element] = []
    at = 0
    for span in spans(page.html, EVERY):
        text = page.html[at : span.start]
        if text.strip() and not span.inside:
            yield Stretch(text, at, tuple(inside))
        at = span.end
        if span.inside:
            continue
        if span.kind == "open" and span.name not in _VOID and len(inside) < MAX_DEPTH:
            inside.append(_element(page.html, span))
        elif span.kind == "close":
            _close(inside, span.name)
    if page.html[at:].strip():
        yield Stretch(page.html[at:], at, tuple(inside))


def _element(html: str, span: Span) -> Element:
    found = {each.name: decoded(html[each.start : each.end]) for each in attributes(html, span)}
    return Element(span.name, span.start, found)


def _close(inside: list[Element], name: str) -> None:
    """Ends the innermost element of this name and what was left open in it; nothing where none is open."""
    for place in range(len(inside) - 1, -1, -1):
        if inside[place].name == name:
            del inside[place:]
            return
