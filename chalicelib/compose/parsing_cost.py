"""Whether a browser's parser takes HTML in its stride: it copies unclosed <b> and <font> into every later block, and
goes as deep as elements are nested. What would take it seconds, or its stack, is refused with the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from chalicelib.compose.source import Source
from chalicelib.compose.tags import Span

# A mail of 256 KB has about 2,000.
MAX_ELEMENTS = 5_000
MAX_DEPTH = 256
MAX_COPIES = 200_000

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
# An open one is closed by the next (WHATWG HTML 13.1.2.4), so however many there are, they are not nested.
_CLOSED_BY_THE_NEXT = frozenset(
    ("p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup")
)
# 13.2.4.3, the list of active formatting elements.
_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
_FOREIGN = frozenset(("svg", "math"))


def check(source: Source, found: Iterable[Span]) -> None:
    """Raises Invalid. `found` are all tags of the source; those in conditional comments are comments to a browser."""
    count = _Count(source)
    for span in found:
        if not span.inside and span.kind == "open":
            count.opened(span)
        elif not span.inside and span.kind == "close":
            count.closed(span.name)


@dataclass(slots=True)
class _Count:
    """`copies` is more than a parser can make: at each tag it could copy every formatting element that is open."""

    source: Source
    open: Counter[str] = field(default_factory=Counter)
    elements: int = 0
    depth: int = 0
    formatting: int = 0
    copies: int = 0

    def opened(self, span: Span) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            self._refuse(span, f"A page may have {MAX_ELEMENTS} elements: take some out.")
        if not self._is_nested(span):
            return
        self.open[span.name] += 1
        self.depth += 1
        self._changed(span.name, 1)
        if self.depth > MAX_DEPTH:
            self._refuse(span, f"Elements are nested more than {MAX_DEPTH} deep: close them.")
        if self.copies > MAX_COPIES:
            self._refuse(span, "Too many of <b>, <font> and their like are never closed: close them.")

    def closed(self, name: str) -> None:
        self.copies += self.formatting
        if self.open[name]:
            self.open[name] -= 1
            self.depth -= 1
            self._changed(name, -1)

    def _changed(self, name: str, by: int) -> None:
        self.formatting += by if name in _FORMATTING else 0

    def _is_nested(self, span: Span) -> bool:
        self.copies += self.formatting
        if span.name in VOID:
            return False
        if any(self.open[name] for name in _FOREIGN):
            return not self.source.text.endswith("/>", span.start, span.end)
        return span.name not in _CLOSED_BY_THE_NEXT

    def _refuse(self, span: Span, mend: str) -> None:
        raise self.source.fault(span.start, self.source.text[span.start : span.end][:60], mend)
