"""What is listed page by page, read as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

Each = TypeVar("Each")
Page = Callable[[int, str | None], tuple[list[Each], str | None]]

PAGE = 100


def every(page: Page[Each], size: int = PAGE) -> Iterator[Each]:
    """In the order of the pages; the next one is read when it is needed."""
    cursor: str | None = None
    while True:
        items, cursor = page(size, cursor)
        yield from items
        if cursor is None:
            return
