"""What keeps the few things of one kind that a team has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Shelf(Protocol[T]):
    """The few things of one kind that a team keeps: owners, companies, field definitions, assets, the workspace."""

    def create(self, thing: T) -> bool: ...
    def read(self, thing_id: str) -> T | None: ...
    def read_many(self, ids: Sequence[str]) -> dict[str, T]: ...
    def update(self, thing: T, expected_version: int, beside: T | None = None) -> bool:
        """In the same step only while `beside`, another one of the shelf, stands as it was read."""
        ...

    def delete(self, thing_id: str, expected_version: int, beside: T | None = None) -> bool:
        """In the same step only while `beside`, another one of the shelf, stands as it was read."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[T], str | None]:
        """In the order of their ids."""
        ...
