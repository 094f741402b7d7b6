"""An import: a file of contacts on its way in, as a job that can stop anywhere and go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["waiting", "running", "finished", "failed"]

MAX_BODY = 5 * 1024 * 1024
MAX_FILE = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Import:
    """`offset` is the byte behind the last line done and `line` its number (the header is line 1); `columns` are
    the header's names. Counts are of lines. `size` is the file's, in bytes. Epoch milliseconds, UTC.
    """

    id: str
    file: str
    state: State = "waiting"
    segment: str | None = None
    columns: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    offset: int = 0
    line: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    reason: str | None = None
    lease_until: int = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was not taken: its number in the file, the column, the value (cut at 100) and why."""

    line: int
    column: str
    value: str
    reason: str
