"""Reading a list to its end."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def all_pages(page: Callable[[str | None], tuple[list[T], str | None]], limit: int) -> list[T]:
    """Every page, each of at most `limit`, none of them empty but a lonely first."""
    items, cursor = page(None)
    everything = list(items)
    while cursor is not None:
        items, cursor = page(cursor)
        assert 0 < len(items) <= limit
        everything += items
    return everything
