"""What a person has asked of us beyond yes or no: how often, from when on, and what not."""

from __future__ import annotations

from dataclasses import dataclass

# What the page offers as a person's own most letters a week where the team has chosen nothing else; beside them 0,
# which is no cap of one's own.
FREQUENCIES = (1, 2, 3, 5)
MAX_FREQUENCIES = 10
MAX_PER_WEEK = 50
MAX_PAUSE_DAYS = 366
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Preferences:
    """`left` are the categories of e-mails that the person left, by id. `most_per_week` is the person's own cap on
    broadcasts (0 for none, `model/cap.py`). Until `paused_until` (epoch ms) no broadcast is
    sent to them.

    `wanted_address` is the new address that waits for its confirmation ("" for none), `wanted_at` the moments of the
    last hour at which one was asked for. All of it goes with the contact.
    """

    left: frozenset[str] = frozenset()
    most_per_week: int = 0
    paused_until: int = 0
    wanted_address: str = ""
    wanted_at: tuple[int, ...] = ()
