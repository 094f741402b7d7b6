"""The account: its quotas, which really throttle, and whether it may send at all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import msgspec

DAY = 86_400
GRAIN = 60

SUCCESS = "SUCCESS"
THROTTLED = "ACCOUNT_THROTTLED"
DAY_OVER = "ACCOUNT_DAILY_QUOTA_EXCEEDED"


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Recipients a second and in 24 hours (-1: no limit), and the account's standing."""

    max_send_rate: float = 500.0
    max_24_hour_send: float = 1_000_000.0
    sending_enabled: bool = True
    enforcement_status: str = "HEALTHY"
    production_access: bool = True


class Account:
    """A token bucket that holds one second's recipients, and a sliding count of 24 hours in steps of a minute.

    `clock` gives epoch seconds.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._limits = limits
        self._tokens = self._capacity
        self._at = clock()
        self._minutes: deque[tuple[int, int]] = deque()
        self._sent = 0

    @property
    def limits(self) -> Limits:
        return self._limits

    @property
    def _capacity(self) -> float:
        return max(1.0, self._limits.max_send_rate)

    def change(self, limits: Limits) -> None:
        with self._lock:
            self._refill()
            self._limits = limits
            self._tokens = min(self._tokens, self._capacity)

    def remember(self, sent: Iterable[tuple[int, int]]) -> None:
        """What was sent in which minute before a restart."""
        with self._lock:
            for minute, number in sent:
                self._count(minute, number)

    def sent_last_day(self) -> int:
        with self._lock:
            self._forget()
            return self._sent

    def admit(self, sizes: Sequence[int]) -> list[str]:
        """A status for each entry of a call, by its number of recipients; those admitted are counted."""
        with self._lock:
            self._refill()
            self._forget()
            return [self._admit(size) for size in sizes]

    def _admit(self, size: int) -> str:
        day = self._limits.max_24_hour_send
        if day >= 0 and self._sent + size > day:
            return DAY_OVER
        if size > self._tokens:
            return THROTTLED
        self._tokens -= size
        self._count(int(self._clock() // GRAIN), size)
        return SUCCESS

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._limits.max_send_rate)
        self._at = now

    def _count(self, minute: int, number: int) -> None:
        self._sent += number
        if self._minutes and self._minutes[-1][0] == minute:
            number += self._minutes.pop()[1]
        self._minutes.append((minute, number))

    def _forget(self) -> None:
        oldest = (self._clock() - DAY) // GRAIN
        while self._minutes and self._minutes[0][0] <= oldest:
            self._sent -= self._minutes.popleft()[1]
