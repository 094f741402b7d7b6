"""A pass over a live segment: everybody judged, members' rows set right, as a job that can stop anywhere and go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["waiting", "running", "finished"]
# First whoever stands there is judged anew, then all contacts.
Phase = Literal["members", "contacts"]


@dataclass(frozen=True, slots=True)
class Filling:
    """`generation` is the filter's that it judges by; `cursor` the last member or contact looked at ("" at a phase's
    start), `judged` how many were, `joined` and `left` how many rows it set right. Epoch milliseconds, UTC.
    """

    id: str
    segment: str
    generation: int
    state: State = "waiting"
    phase: Phase = "members"
    cursor: str = ""
    judged: int = 0
    joined: int = 0
    left: int = 0
    lease_until: int = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whether a contact belongs to a segment, as judged at this version of the contact (0: it is gone)."""

    contact: str
    version: int
    belongs: bool
