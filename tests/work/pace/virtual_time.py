"""Workers at the same time, in a time of their own: each runs in a thread, one of them at a moment, and whoever sleeps
lets the next one wake. The same run has the same order.
"""

import heapq
import threading
from collections.abc import Callable
from itertools import count


class VirtualTime:
    """Epoch milliseconds, moved on by nothing but sleeping."""

    def __init__(self, start: int) -> None:
        self.at = start
        self._order = count()
        self._waiting: list[tuple[int, int, threading.Semaphore]] = []
        self._back = threading.Semaphore(0)
        self._faults: list[BaseException] = []
        self._over = False

    def now(self) -> int:
        return self.at

    def sleep(self, milliseconds: int) -> None:
        mine = threading.Semaphore(0)
        heapq.heappush(self._waiting, (self.at + max(0, milliseconds), next(self._order), mine))
        self._back.release()
        mine.acquire()
        if self._over:
            raise SystemExit

    def start(self, work: Callable[[], None]) -> None:
        """A worker that begins now."""

        def run() -> None:
            try:
                self.sleep(0)
                work()
            except SystemExit:
                return
            except BaseException as fault:  # noqa: BLE001  # the test's thread raises it
                self._faults.append(fault)
            self._back.release()

        threading.Thread(target=run, daemon=True).start()
        self._back.acquire()

    def run_until(self, end: int) -> None:
        while self._waiting and self._waiting[0][0] <= end and not self._faults:
            self.at, _, woken = heapq.heappop(self._waiting)
            woken.release()
            self._back.acquire()
        if self._faults:
            raise self._faults[0]
        self.at = max(self.at, end)

    def end(self) -> None:
        """No worker goes on."""
        self._over = True
        for _, _, woken in self._waiting:
            woken.release()
