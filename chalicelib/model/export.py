"""An export: a file of what there is, as a job that can stop anywhere and go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, get_args

from chalicelib.model.errors import Conflict

What = Literal["contacts", "segments", "messages", "events"]
Format = Literal["csv", "jsonl"]
State = Literal["waiting", "running", "finished", "failed", "cancelled"]
Move = Literal["run", "finish", "fail", "cancel"]
WHAT: tuple[str, ...] = get_args(What)
FORMATS: tuple[str, ...] = get_args(Format)

# What may become of an export, and from where; a worker goes on with one that is running.
MOVES: Mapping[Move, Mapping[State, State]] = MappingProxyType(
    {
        "run": {"waiting": "running", "running": "running"},
        "finish": {"running": "finished"},
        "fail": {"running": "failed"},
        "cancel": {"waiting": "cancelled", "running": "cancelled"},
    }
)
ENDED: frozenset[State] = frozenset({"finished", "failed", "cancelled"})

DAY_MS = 86_400_000
# The bucket forgets its files then (infra/data.yaml).
KEPT_MS = 7 * DAY_MS
# S3 takes no smaller parts, the last excepted; an upload of so many of them is about 5 GB.
PART = 5 * 1024 * 1024
MAX_PARTS = 1_000
# A whole table is read section by section, cut by the hash of its keys: each has about as many rows, and the number of
# those that are read says how far it is.
SECTIONS = 64


@dataclass(frozen=True, slots=True)
class Export:
    """`segment` narrows contacts to those of one, `email` messages and events to those of one ("" for all). `columns`
    are those of a CSV file; JSON lines have all that there is.

    `cursor` is behind what has been written: `rows` in `parts` of the multipart upload `upload`, by their ETags; `size`
    in bytes. It is in the `section` of `sections`; `ahead` are the section and
    the rows that the worker has come to with the part that it has in hand, told now and then. All is `read` before the
    file is put together. Epoch milliseconds.
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
    section: int = 0
    sections: int = 1
    ahead: tuple[int, int] = (0, 0)
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


def moved(job: Export, move: Move) -> Export:
    """Raises Conflict where it is not in a state to be moved so."""
    target = MOVES[move].get(job.state)
    if target is None:
        hint = f"{move} is possible while it is {', '.join(MOVES[move])}."
        raise Conflict(f"An export that is {job.state} cannot {move}.", field="state", hint=hint)
    return replace(job, state=target)
