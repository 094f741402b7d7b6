"""A provider's limits, asked for now and then; the last known where it does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from chalicelib.model.pacing import Quota

# How old a quota may be, in seconds; how long asking for it may take, in milliseconds.
QUOTA_S = 60.0
ASKING_MS = 3_000


class AskedQuota:
    """`ask` may raise whatever it likes; `first` is assumed until it has answered."""

    def __init__(self, ask: Callable[[], Quota | None], first: Quota, clock: Callable[[], float]) -> None:
        self._ask = ask
        self._known = first
        self._clock = clock
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def __call__(self) -> Quota:
        with self._lock:
            due = self._clock() - self._asked_at > QUOTA_S
            if due:
                self._asked_at = self._clock()
        if due:
            self._known = self._answered() or self._known
        return self._known

    def _answered(self) -> Quota | None:
        try:
            return self._ask()
        except Exception:  # noqa: BLE001  # whatever went wrong, the sending itself will say what matters
            return None
