"""Workers at the same time, in a time of their own: each is a greenlet, one of them runs at a moment, and whoever
sleeps lets the next one wake. The same run has the same order.
"""

import heapq
from collections.abc import Callable
from itertools import count

from greenlet import getcurrent, greenlet


class VirtualTime:
    """Epoch milliseconds, moved on by nothing but sleeping. What fails a worker fails whoever lets time pass."""

    def __init__(self, start: int) -> None:
        self.at = start
        self._order = count()
        self._waiting: list[tuple[int, int, greenlet]] = []
        self._outside = getcurrent()

    def now(self) -> int:
        return self.at

    def sleep(self, milliseconds: int) -> None:
        self._wake(getcurrent(), self.at + max(0, milliseconds))
        self._outside.switch()

    def start(self, work: Callable[[], None]) -> None:
        """A worker that begins now."""
        self._wake(greenlet(work), self.at)

    def run_until(self, end: int) -> None:
        while self._waiting and self._waiting[0][0] <= end:
            self.at, _, woken = heapq.heappop(self._waiting)
            woken.switch()
        self.at = max(self.at, end)

    def end(self) -> None:
        """No worker goes on."""
        for _, _, woken in self._waiting:
            woken.throw()
        self._waiting.clear()

    def _wake(self, worker: greenlet, at: int) -> None:
        heapq.heappush(self._waiting, (at, next(self._order), worker))
