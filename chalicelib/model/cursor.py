"""Cursors: where the next page begins, as text that means nothing to anybody else."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from chalicelib.model.errors import Invalid

T = TypeVar("T")


def cursor_of(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).rstrip(b"=").decode("ascii")


def place_of(cursor: str, form: re.Pattern[str]) -> str:
    """Raises Invalid for what `cursor_of` never made of this list's places: their form tells."""
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (ValueError, binascii.Error):
        place = ""
    if not form.fullmatch(place) or cursor_of(place) != cursor:
        raise Invalid("cursor", cursor, "Use `next` of the page before, as it is.")
    return place


def cut(items: Sequence[T], limit: int, place: Callable[[T], str]) -> tuple[list[T], str | None]:
    """A page of at most `limit` out of up to `limit + 1` items: the one too many says that there is more."""
    page = list(items[:limit])
    return page, cursor_of(place(page[-1])) if len(items) > limit else None
