"""A recurring mail: an e-mail that is broadcast again and again, each time as an edition of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["active", "paused", "ended"]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`cron` has five fields (minute, hour, day of the month, month, day of the week) on the wall clock of `zone`;
    `next_at` is the next occurrence (epoch ms), the last one not behind `ends_at`. `edition` and `broadcast` are the
    latest occurrence's. An occurrence goes to `segments`, less `exclude`; the e-mail's own where there are none.
    """

    id: str
    email: str
    cron: str
    zone: str
    next_at: int
    segments: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    ends_at: int | None = None
    state: State = "active"
    occurrences: int = 0
    edition: str = ""
    broadcast: str = ""
    reason: str = ""
    version: int = 1
    created_at: int = 0
    updated_at: int = 0
