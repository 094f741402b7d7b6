"""A pre-flight: everything that can be known about a sending before it begins, as a job that can stop and go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from chalicelib.model.family import Member
from chalicelib.model.finding import Finding
from chalicelib.model.source import Source

State = Literal["waiting", "running", "finished", "failed"]

MAX_SAMPLES = 20
# So that a job's row stays far below the 400 KB of an item.
MAX_HOLES, MAX_FINDINGS = 500, 250
FEWER_SAMPLES, MANY_HOLES = 3, 100


@dataclass(frozen=True, slots=True)
class Preflight:
    """Of the published `revision`, and of every other member of its family (`members`, as a broadcast fixes them).
    An edition's own audience has a `source` and no segments. `afresh`: as if nobody had had it yet, which is what each
    occurrence of a recurring e-mail begins with.

    `cursor` is the last contact looked at, `scanned` how many were, `pending` how many of them would get the letter;
    each of those was personalised in a dry run. `skipped` counts, by reason, who is in the audience and would not.
    `put_off` counts, by reason, who of the pending would not have got it at once, had it begun then.
    `holes` counts, by token, the letters in which nothing would stand in its place, and `samples` names the first
    contacts concerned; `heaviest` is the longest HTML of any, in bytes. `domains` counts the biggest of the
    pending recipients' (`model/cohort.py`). `mails` counts the copies (BCC) too, and `carried` the bytes of attachments
    in all of them.
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
    skipped: Mapping[str, int] = field(default_factory=dict)
    holes: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    heaviest: int = 0
    mails: int = 0
    carried: int = 0
    findings: tuple[Finding, ...] = ()
    per_second: float = 0
    source: Source | None = None
    afresh: bool = False
    domains: Mapping[str, int] = field(default_factory=dict)
    put_off: Mapping[str, int] = field(default_factory=dict)
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None

    def seen(self, contact_id: str, heaviest: int, found: Iterable[str]) -> Preflight:
        """After one more letter, in which these tokens left nothing."""
        holes, samples = dict(self.holes), dict(self.samples)
        for called in sorted(found):
            if called not in holes and len(holes) >= MAX_HOLES:
                continue
            holes[called] = holes.get(called, 0) + 1
            if len(samples.get(called, ())) < (MAX_SAMPLES if len(holes) <= MANY_HOLES else FEWER_SAMPLES):
                samples[called] = (*samples.get(called, ()), contact_id)
        return replace(self, holes=holes, samples=samples, heaviest=heaviest)

    def passed(self, reasons: Iterable[str]) -> Preflight:
        """After some of the audience, each of whom it would leave out for one of these reasons."""
        return replace(self, skipped=dict(Counter(self.skipped) + Counter(reasons)))

    def waiting(self, reasons: Mapping[str, int]) -> Preflight:
        """After some of the pending, of whom so many would have had to wait."""
        return replace(self, put_off=dict(Counter(self.put_off) + Counter(reasons)))


@dataclass(frozen=True, slots=True)
class Clearance:
    """That an e-mail's revisions have had a finished pre-flight: a broadcast starts with one. `id` is the e-mail's.

    `segments` less `exclude`, or `source`, is whom it looked at; None (rows of before this was told) for anybody.
    """

    id: str
    preflight: str
    revision: int
    members: tuple[Member, ...] = ()
    segments: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    source: Source | None = None
    version: int = 1

    def is_of(self, revision: int, members: tuple[Member, ...]) -> bool:
        return (self.revision, self.members) == (revision, members)

    def covers(self, segments: Sequence[str], exclude: Sequence[str], source: Source | None = None) -> bool:
        """Whether everybody in that audience was in the one that it looked at."""
        if source is not None:
            return self.source is not None and source.within(self.source)
        if self.segments is None or not segments:
            return True
        return set(segments) <= set(self.segments) and set(self.exclude) <= set(exclude)
