"""What keeps jobs that go on after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from chalicelib.model.importing import Import, Rejected

J = TypeVar("J")


class Jobs(Protocol[J]):
    """Jobs of one kind: counts, relabellings, merges, passes over segments, pre-flights."""

    def create(self, job: J) -> bool: ...
    def read(self, job_id: str) -> J | None: ...
    def update(self, job: J, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Those that are not over: the sweep hints them again."""
        ...


class ListedJobs(Jobs[J], Protocol[J]):
    """Jobs that people look at: erasures, whose rows are their receipts, and exports."""

    def page(self, limit: int, cursor: str | None) -> tuple[list[J], str | None]:
        """The newest first."""
        ...


class Imports(ListedJobs[Import], Protocol):
    def add_rejected(self, import_id: str, rejected: Sequence[Rejected]) -> None:
        """Idempotent: keyed by line and column."""
        ...

    def rejected(self, import_id: str, limit: int, cursor: str | None) -> tuple[list[Rejected], str | None]: ...
