"""The hour of a person's day in which they open their mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import tzinfo

from chalicelib.model.zones import moment_at

HOURS = 24
# Fewer openings say nothing about anybody's habits.
LEAST = 3


def best_hour(openings: Iterable[int], zone: tzinfo) -> int | None:
    """0 to 23 on this zone's clocks, of openings in epoch milliseconds; None where there are too few of them.

    An opening counts in its own hour and half in those beside it; of hours that are equally good it is the earliest.
    """
    hours = Counter(moment_at(at, zone).hour for at in openings)
    if hours.total() < LEAST:
        return None
    return max(range(HOURS), key=lambda hour: (_weight(hours, hour), -hour))


def _weight(hours: Counter[int], hour: int) -> int:
    return 2 * hours[hour] + hours[(hour - 1) % HOURS] + hours[(hour + 1) % HOURS]
