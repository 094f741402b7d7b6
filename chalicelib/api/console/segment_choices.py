"""Segments to choose from."""

from __future__ import annotations

from chalicelib.api.console.visit import Visit
from chalicelib.model.segment import Segment
from chalicelib.work import segments

# As many as stand in one list to choose from.
MOST = 300
PAGE = 100


def every_segment(visit: Visit) -> list[Segment]:
    """By name; the first MOST."""
    found: list[Segment] = []
    cursor: str | None = None
    while len(found) < MOST:
        page, cursor = segments.page(visit.world, PAGE, cursor)
        found += page
        if cursor is None:
            break
    return sorted(found, key=lambda each: each.name.casefold())
