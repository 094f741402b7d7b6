"""Headings and the page itself, as screen readers go through them (WCAG 2.2, 1.3.1 and 3.1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.compose.proof.page import Page
from chalicelib.model.finding import Finding

_HEADING = re.compile(r"h([1-6])")


def headings(page: Page) -> Iterator[Finding]:
    """A level that is left out sounds as if something were missing."""
    before = 0
    for element in page.elements:
        found = _HEADING.fullmatch(element.name)
        if found is None:
            continue
        level = int(found[1])
        if level > before + 1:
            after = f"h{before}" if before else "nothing"
            message = f"The heading <h{level}> follows {after}: a level is left out."
            yield page.found(
                "note", "heading_order", element.at, message, f"Make it <h{before + 1}>, styled as you like."
            )
        before = level


def tables(page: Page) -> Iterator[Finding]:
    """Layout tables are read out cell by cell, as data, unless they say what they are."""
    loud = [each for each in page.elements if each.name == "table" and "role" not in each.attributes]
    if loud:
        message = f"{len(loud)} tables have no role: screen readers count their rows and columns aloud."
        yield page.found("note", "table_role", loud[0].at, message, 'Write role="presentation" on layout tables.')
