"""What is worked out once for a revision and kept while the process lives.

Revisions never change, so the object itself is the key: hashing its text for each recipient would cost more than
what is saved. Holding the revision keeps its identity from being used again.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from chalicelib.compose.revision import Revision

T = TypeVar("T")
KEPT = 16


class Kept(Generic[T]):
    """A function of a revision, remembered for the KEPT revisions that came last."""

    def __init__(self, make: Callable[[Revision], T]) -> None:
        self._make = make
        self._made: dict[int, tuple[Revision, T]] = {}
        self._lock = Lock()

    def __call__(self, revision: Revision) -> T:
        found = self._made.get(id(revision))
        return found[1] if found else self._remember(revision)

    def _remember(self, revision: Revision) -> T:
        made = self._make(revision)
        with self._lock:
            while len(self._made) >= KEPT:
                del self._made[next(iter(self._made))]
            self._made[id(revision)] = (revision, made)
        return made
