"""The pulse of the feedback road: the latest sending that a provider's events have told of."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_MS = 60_000
# Events of these kinds tell of a sending soon behind it; opens and clicks come when people please.
BEATS = frozenset({"sent", "delivered"})
# Older events wait in the queue no longer than this, and somebody has sent lately.
LAG_MS = 5 * MINUTE_MS
QUIET_MS = 15 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Pulse:
    """`event_at` is when the latest event happened at its provider, `recorded_at` when it had come to us (epoch ms)."""

    event_at: int
    recorded_at: int
    version: int = 1

    @property
    def id(self) -> str:
        """There is one."""
        return "events"


def is_alive(pulse: Pulse | None, now: int) -> bool:
    """Whether what providers say comes to us now, and soon: then what has not come by now was not said."""
    return pulse is not None and pulse.recorded_at - pulse.event_at <= LAG_MS and now - pulse.recorded_at <= QUIET_MS
