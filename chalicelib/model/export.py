"""An export: a file of what there is, as a job that can stop anywhere and go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

What = Literal["contacts", "segments", "messages", "events"]
Format = Literal["csv", "jsonl"]
State = Literal["waiting", "running", "finished", "failed"]
WHAT: tuple[str, ...] = get_args(What)
FORMATS: tuple[str, ...] = get_args(Format)

DAY_MS = 86_400_000
# The bucket forgets its files then (infra/data.yaml).
KEPT_MS = 7 * DAY_MS
# S3 takes no smaller parts, the last excepted; an upload of so many of them is about 5 GB.
PART = 5 * 1024 * 1024
MAX_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Export:
    """`segment` narrows contacts to those of one, `email` messages and events to those of one ("" for all). `columns`
    are those of a CSV file; JSON lines have all that there is.

    `cursor` is behind what has been written: `rows` in `parts` of the multipart upload `upload`, by their ETags; `size`
    in bytes. All is `read` before the file is put together. Epoch milliseconds.
    """

    id: str
    what: What
    format: Format
    segment: str = ""
    email: str = ""
    columns: tuple[str, ...] = ()
    state: State = "waiting"
    upload: str = ""
    parts: tuple[str, ...] = ()
    cursor: str = ""
    read: bool = False
    rows: int = 0
    size: int = 0
    reason: str | None = None
    lease_until: int = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None

    @property
    def file(self) -> str:
        return f"exports/{self.id}.{self.format}"
