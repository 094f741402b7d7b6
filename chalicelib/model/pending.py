"""A count of who is pending for an e-mail, as a job that can stop anywhere and go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["waiting", "running", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class PendingCount:
    """`cursor` is the last contact looked at ("" at the start), `scanned` how many were, `pending` how many of
    them are pending. Each contact counts as it was when it was looked at. Epoch milliseconds, UTC.
    """

    id: str
    email: str
    segments: tuple[str, ...]
    exclude: tuple[str, ...]
    state: State = "waiting"
    cursor: str = ""
    scanned: int = 0
    pending: int = 0
    reason: str | None = None
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None
