"""A walk over what an e-mail's hits were taken for, as a job that can stop anywhere and go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["waiting", "running", "finished"]


@dataclass(frozen=True, slots=True)
class Relabelling:
    """`cursor` is the last chunk looked at (broadcast, walker and number; "" at the start), `looked_at` how many
    messages of it and those before, `changed` how many of them had verdicts that the rules give no more. Epoch
    milliseconds, UTC.
    """

    id: str
    email: str
    state: State = "waiting"
    cursor: str = ""
    looked_at: int = 0
    changed: int = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None
