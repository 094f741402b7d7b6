"""A letter as its proof-readers get it, and a walk over its HTML that knows what is open where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import Generic, TypeVar

from chalicelib.compose.plain import plain_text
from chalicelib.compose.source import Source
from chalicelib.compose.tags import EVERY, Span, attributes, spans
from chalicelib.compose.url import decoded
from chalicelib.model.email import Email
from chalicelib.model.finding import Finding, Level
from chalicelib.model.workspace import Workspace

# These have no content and no end (WHATWG HTML 13.1.2, void elements).
# Soft hyphen, joiners and spaces of no width.
_UNSEEN = dict.fromkeys((0xAD, 0x34F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
MAX_DEPTH = 512
MAX_SAME = 20

# Whatever a proof-reader makes of the elements around a text.
State = TypeVar("State")


@dataclass(frozen=True)
class Page:
    """`html` is what is compiled (MJML converted, CSS inlined); places are told in what the author `wrote` into the
    field `part`, where that is another. `html_bytes` is the size of the HTML as it goes out, values aside.
    """

    email: Email
    workspace: Workspace
    html: str
    part: str = "html"
    html_bytes: int = 0
    wrote: str = ""

    @cached_property
    def source(self) -> Source:
        return Source(self.part, self.html, "" if self.wrote == self.html else self.wrote)

    @cached_property
    def _found(self) -> Counter[str]:
        return Counter()

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element that everybody's mail program reads, in order; not those in Outlook's comments."""
        opened = (span for span in spans(self.html, EVERY) if span.kind == "open" and not span.inside)
        return tuple(_element(self.html, span) for span in opened)

    @cached_property
    def generated_text(self) -> str:
        return plain_text(self.html) if self.html else ""

    @property
    def text(self) -> str:
        return self.email.text if self.email.text.strip() else self.generated_text

    def found(self, level: Level, code: str, at: int, message: str, mend: str) -> Finding:
        """Of one kind the first MAX_SAME have their place: to look for it takes a while, and no more are shown."""
        self._found[code] += 1
        place = f", {self.source.place(at)}" if self._found[code] <= MAX_SAME else ""
        return Finding(level, code, self.part + place, message, mend)


@dataclass(frozen=True, slots=True)
class Element:
    """An open element: its attributes (references decoded) and where it begins."""

    name: str
    at: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[State]):
    """Text between two tags, and what the elements around it come to."""

    text: str
    at: int
    state: State


def stretches(page: Page, first: State, within: Callable[[State, Element], State]) -> Iterator[Stretch[State]]:
    """Text that is not blank, with what is made of `first` by the elements around it, from the outermost in.

    Each element is looked at once. What is nested deeper than MAX_DEPTH has the state of the outer ones.
    """
    around = _Around(first)
    at = 0
    for span in spans(page.html, EVERY):
        text = page.html[at : span.start]
        if not span.inside and not _is_blank(text):
            yield Stretch(text, at, around.state)
        at = span.end
        if span.inside:
            continue
        if span.kind == "open" and span.name not in _VOID and len(around) < MAX_DEPTH:
            around.open(span.name, within(around.state, _element(page.html, span)))
        elif span.kind == "close":
            around.close(span.name)
    if not _is_blank(page.html[at:]):
        yield Stretch(page.html[at:], at, around.state)


def _is_blank(text: str) -> bool:
    """Whether nobody sees any of it: white space, and what fills a line without a mark (as behind a preheader)."""
    return not text.strip() or ("&" in text and not unescape(text).translate(_UNSEEN).strip())


class _Around(Generic[State]):
    """The elements that are open, with the state within each; how many there are of each name."""

    def __init__(self, first: State) -> None:
        self._first = first
        self._open: list[tuple[str, State]] = []
        self._names: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    @property
    def state(self) -> State:
        return self._open[-1][1] if self._open else self._first

    def open(self, name: str, state: State) -> None:
        self._open.append((name, state))
        self._names[name] += 1

    def close(self, name: str) -> None:
        """Ends the innermost element of this name and what was left open in it; nothing where none is open."""
        if not self._names[name]:
            return
        ended = ""
        while ended != name:
            ended, _ = self._open.pop()
            self._names[ended] -= 1


def _element(html: str, span: Span) -> Element:
    found = {each.name: decoded(html[each.start : each.end]) for each in attributes(html, span)}
    return Element(span.name, span.start, found)
