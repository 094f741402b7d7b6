"""An SES account behind the client of the real transport: a bucket of a second's worth, filled at the rate."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.work.pace.virtual_time import VirtualTime

ANSWER_MS = (70, 86)


@dataclass
class Account:
    """`arrived` are calls by when SES saw them (ms): recipients asked for, and how many of them it took. So many of all
    calls are throttled for another cause than their rate: `anyway`.
    """

    time: VirtualTime
    rate: float
    rng: Random
    anyway: float = 0.0
    tokens: float = field(init=False)
    filled_at: int = field(init=False)
    arrived: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens, self.filled_at = self.rate, self.time.now()

    def close(self) -> None:
        """Of a client: its connections."""

    def get_account(self) -> dict[str, Any]:
        self.time.sleep(20)
        return {"SendQuota": {"MaxSendRate": self.rate, "Max24HourSend": -1, "SentLast24Hours": 0}}

    def send_bulk_email(self, **asked: Any) -> dict[str, Any]:
        """As the simulator: what there are no tokens for is throttled, entry by entry."""
        recipients, taking = len(asked["BulkEmailEntries"]), self.rng.randint(*ANSWER_MS)
        self.time.sleep(taking // 2)
        self._fill()
        taken = 0 if self.rng.random() < self.anyway else min(recipients, int(self.tokens + 1e-9))
        self.tokens -= taken
        self.arrived.append((self.time.now(), recipients, taken))
        self.time.sleep(taking // 2)
        good = [{"Status": "SUCCESS", "MessageId": f"m{n}"} for n in range(taken)]
        return {"BulkEmailEntryResults": good + [{"Status": "ACCOUNT_THROTTLED"}] * (recipients - taken)}

    def _fill(self) -> None:
        now = self.time.now()
        self.tokens = min(self.rate, self.tokens + self.rate * (now - self.filled_at) / 1_000)
        self.filled_at = now

    def taken(self, begin: int, end: int) -> int:
        """Recipients in that time (ms since the epoch)."""
        return sum(taken for at, _, taken in self.arrived if begin <= at < end)

    def fullest_second(self, begin: int, end: int) -> int:
        """The most recipients that were asked for in any second."""
        calls = [(at, asked) for at, asked, _ in self.arrived if begin <= at < end]
        return max((sum(n for at, n in calls if first <= at < first + 1_000) for first, _ in calls), default=0)

    def throttled(self) -> float:
        """The part of all recipients asked for that was not taken."""
        return 1 - sum(taken for _, _, taken in self.arrived) / sum(asked for _, asked, _ in self.arrived)
