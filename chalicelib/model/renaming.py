"""Another name for a tag or a stage, on all contacts that have it: a walk over them that can stop anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["tag", "stage"]
State = Literal["waiting", "running", "finished"]


@dataclass(frozen=True, slots=True)
class Renaming:
    """`cursor` is the last contact looked at ("" at the start), `looked_at` how many there were up to it, `changed` how
    many of them had the old name. `by` is who asked for it. Epoch milliseconds, UTC.
    """

    id: str
    what: What
    before: str
    after: str
    by: str = ""
    state: State = "waiting"
    cursor: str = ""
    looked_at: int = 0
    changed: int = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None
