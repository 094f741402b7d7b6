"""How fast: the size of a call and its slot in time. Pure; the row is `store/budget.py`."""

from __future__ import annotations

import math
from dataclasses import dataclass

from chalicelib.model.chunk import CHUNK

SECOND = 1_000
# What a broadcast may have as a rate of its own.
SLOWEST, FASTEST = 0.1, 10_000.0
LONGEST_TURN = 20 * SECOND
# Until when a letter may begin where that does not matter. Epoch milliseconds.
WHENEVER = 10**15
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Quota:
    """What a provider says: recipients a second, recipients a day (-1: no limit), sent so far today. `halt` is why
    nothing at all can be sent now, "" where something can. `asked_at` (epoch ms) is when the provider said so, 0 where
    it was never asked.
    """

    per_second: float
    per_day: float
    sent_today: float
    sending_enabled: bool = True
    enforcement: str = "HEALTHY"
    halt: str = ""
    asked_at: int = 0


def call_size(per_second: float) -> int:
    """Recipients in one call: at most half a second's worth, so that a bucket of one second is never
    overrun by jitter (calls of R were throttled 38% of the time, calls of R/2 never).
    """
    return max(1, min(CHUNK, int(per_second / 2)))


def cost_ms(recipients: int, per_second: float) -> int:
    """How long this call uses up the budget, in milliseconds, rounded up. No rate is below one in ten seconds."""
    return math.ceil(recipients * SECOND / max(per_second, SLOWEST))


def turn_ms(per_second: float) -> int:
    """How long a chunk that finds the budget used up stands back: about as long as another chunk takes. Hints that
    come back each second would cost more requests than mails at a slow rate.
    """
    return min(LONGEST_TURN, max(SECOND, cost_ms(CHUNK, per_second)))


def spread(number: int) -> float:
    """From 0 to 1, another one for each number, evenly (Weyl's sequence)."""
    return number * GOLDEN % 1


def backoff_ms(tries: int) -> int:
    """The wait after calls in a row that were not sent: 1, 2, 4 ... at most 60 seconds."""
    return min(60, 1 << min(tries, 6)) * SECOND
