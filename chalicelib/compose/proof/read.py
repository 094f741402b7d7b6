"""Proof-reading: everything that can be said about a letter from the letter itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from chalicelib.compose.proof.headings import headings, tables
from chalicelib.compose.proof.images import images
from chalicelib.compose.proof.legibility import legibility
from chalicelib.compose.proof.links import links
from chalicelib.compose.proof.page import MAX_SAME, Page
from chalicelib.compose.proof.weight import style_sheet, weight
from chalicelib.compose.proof.words import leaving, postal_address, preheader, subject, text_part
from chalicelib.model.finding import Finding

ON_LINES: tuple[Callable[[Page], Iterator[Finding]], ...] = (subject, preheader, text_part, leaving, postal_address)
ON_HTML: tuple[Callable[[Page], Iterator[Finding]], ...] = (
    weight,
    style_sheet,
    links,
    images,
    legibility,
    headings,
    tables,
)


def findings(page: Page) -> list[Finding]:
    """In the order of the checks; of one kind at most MAX_SAME, the first of them."""
    counts: Counter[str] = Counter()
    kept = []
    for check in ON_LINES + (ON_HTML if page.html else ()):
        for each in check(page):
            counts[each.code] += 1
            if counts[each.code] <= MAX_SAME:
                kept.append(each)
    return kept
