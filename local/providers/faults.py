"""What goes wrong with the next calls to a stand-in, in the order in which it was asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal[
    "refuse",  # `status` and `body`, nothing is accepted
    "fail_after",  # all is accepted, then `status` and `body`
    "lost_answer",  # all is accepted, then the connection ends
    "reset_after",  # all is accepted, then the connection is reset
    "reset_before",  # the connection is reset before anything is accepted
    "slow_answer",  # `ms` pass between accepting and answering
    "garbled_answer",  # all is accepted, half an answer comes
]


@dataclass(frozen=True, slots=True)
class Fault:
    """Hits `calls` calls after `skip` others went by."""

    kind: Kind
    status: int = 500
    body: bytes = b""
    ms: int = 0
    skip: int = 0
    calls: int = 1


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._waiting += faults

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

    def next(self) -> Fault | None:
        """The fault that hits this call, counted down."""
        with self._lock:
            if not self._waiting:
                return None
            first = self._waiting[0]
            if first.skip:
                self._waiting[0] = replace(first, skip=first.skip - 1)
                return None
            left = first.calls - 1
            self._waiting[:1] = [replace(first, calls=left)] if left else []
            return first
