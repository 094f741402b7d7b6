"""Segments to choose from."""

from __future__ import annotations

from itertools import islice

from chalicelib.api.console.visit import Visit
from chalicelib.model.segment import Segment
from chalicelib.work import following

# As many as stand in one list to choose from.
MOST = 300


def every_segment(visit: Visit) -> list[Segment]:
    """By name; the first MOST."""
    found = islice(following.every(visit.world), MOST)
    return sorted(found, key=lambda each: each.name.casefold())
