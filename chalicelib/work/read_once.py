"""A shelf that is read to its end once, for a request that asks for all of it again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from chalicelib.work.ports.shelf import Shelf

T = TypeVar("T")


class ReadOnce(Generic[T]):
    """Reads of a page are remembered, whatever is written meanwhile; all else passes through."""

    def __init__(self, shelf: Shelf[T]) -> None:
        self._shelf = shelf
        self._pages: dict[tuple[int, str | None], tuple[list[T], str | None]] = {}

    def page(self, limit: int, cursor: str | None) -> tuple[list[T], str | None]:
        if (limit, cursor) not in self._pages:
            self._pages[limit, cursor] = self._shelf.page(limit, cursor)
        return self._pages[limit, cursor]

    def read_many(self, ids: Sequence[str]) -> dict[str, T]:
        return self._shelf.read_many(ids)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as many kinds as the shelf has methods
        return getattr(self._shelf, name)
