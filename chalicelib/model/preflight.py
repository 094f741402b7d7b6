"""A pre-flight: everything that can be known about a sending before it begins, as a job that can stop and go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.model.family import Member
from chalicelib.model.finding import Finding

State = Literal["waiting", "running", "finished", "failed"]

MAX_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Preflight:
    """Of the published `revision`, and of every other member of its family (`members`, as a broadcast fixes them).

    `cursor` is the last contact looked at, `scanned` how many were, `pending` how many of them would get the letter;
    each of those was personalised in a dry run. `holes` counts, by token, the letters in which nothing would stand in
    its place, and `samples` names the first contacts concerned; `heaviest` is the longest HTML of any, in bytes.
    `findings` are about the content, since the start; what the audience shows is added at the end. Epoch milliseconds.
    """

    id: str
    email: str
    revision: int
    segments: tuple[str, ...]
    exclude: tuple[str, ...]
    members: tuple[Member, ...] = ()
    state: State = "waiting"
    reason: str | None = None
    cursor: str = ""
    scanned: int = 0
    pending: int = 0
    holes: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    heaviest: int = 0
    findings: tuple[Finding, ...] = ()
    per_second: float = 0
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None


@dataclass(frozen=True, slots=True)
class Clearance:
    """That an e-mail's revisions have had a finished pre-flight: a broadcast starts with one. `id` is the e-mail's."""

    id: str
    preflight: str
    revision: int
    members: tuple[Member, ...] = ()
    version: int = 1
