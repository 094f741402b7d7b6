"""A broadcast: one run of a segment e-mail, its states and its sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from chalicelib.model.cap import Recent
from chalicelib.model.chunk import (
    CALLING,
    CANCELLED,
    FAILED,
    HELD,
    IN_DOUBT,
    LATER,
    NO_CHOICE,
    NO_LETTER,
    PLACE_LETTERS,
    SENT,
    SKIPS,
    WAITING,
    Chunk,
)
from chalicelib.model.cohort import Cohort, domain_of, named, places
from chalicelib.model.email import SplitTest, Wait
from chalicelib.model.errors import Conflict
from chalicelib.model.family import CHOICES, PERCENT, Member
from chalicelib.model.schedule import Schedule
from chalicelib.model.sent import add_sent
from chalicelib.model.source import Source

State = Literal["scheduled", "planning", "sending", "testing", "paused", "cancelled", "finished"]
Move = Literal["start", "planned", "test", "decide", "pause", "resume", "cancel", "finish", "again", "reopen"]

MOVES: Mapping[Move, Mapping[State, State]] = MappingProxyType(
    {
        "start": {"scheduled": "planning"},
        "planned": {"planning": "sending"},
        # everybody who tests has been settled: the rest wait for the winner, and are planned in a round of their own
        "test": {"sending": "testing"},
        "decide": {"testing": "planning"},
        "pause": {"planning": "paused", "sending": "paused", "testing": "paused"},
        # where the walk was not done, `resume` goes back to planning (see `moved`); a test is tended from sending on
        "resume": {"paused": "sending"},
        "cancel": {
            "scheduled": "cancelled",
            "planning": "cancelled",
            "sending": "cancelled",
            "testing": "cancelled",
            "paused": "cancelled",
        },
        "finish": {"sending": "finished"},
        # whoever joined the audience since the last walk
        "again": {"sending": "planning"},
        # an operator forces another sending to people who are held in doubt
        "reopen": {"finished": "sending"},
    }
)

RUNNING: frozenset[State] = frozenset({"planning", "sending"})
ENDED: frozenset[State] = frozenset({"cancelled", "finished"})


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`at` is when it is due; `walkers` is the number of parallel walks of this round, fixed at its start, and
    `first_walk` the number of the first of them.

    `lists_only` says that the members of every chosen and excluded segment can be read as rows, so that the walk
    merges them instead of scanning. `members` are the e-mails of the family with the revisions that go out, the root
    first; none where it is alone. With a `test` for a part of the audience the rest wait until `decide_at` for the
    `winner`.
    `schedule` says what was asked for on wall clocks; nobody is sent to after `until`; with `joiners` it goes on to
    whoever joins the audience, `rounds` walks behind the first one, the last begun at `round_at`.
    With a `source` the audience comes from earlier broadcasts, and not from segments. `rate` is its own, in recipients
    a second, below what the transports allow. `domains` are those whose figures are told apart (`model/cohort.py`).
    Over, with nobody but held ones left to settle, it is looked at again at `look_at`, or when something comes.
    `category`, `over_cap` and `quiet_hours` are the root e-mail's when the broadcast was made. `reason` says why a
    pause came by itself. `version` counts every write. Times are epoch milliseconds, UTC.
    """

    id: str
    email: str
    family: str
    revision: int
    segments: tuple[str, ...]
    exclude: tuple[str, ...]
    at: int
    state: State = "scheduled"
    walkers: int = 1
    lists_only: bool = False
    walked: bool = False
    closed: bool = False
    reason: str | None = None
    version: int = 1
    created_at: int = 0
    started_at: int | None = None
    ended_at: int | None = None
    first_walk: int = 0
    members: tuple[Member, ...] = ()
    test: SplitTest | None = None
    decide_at: int | None = None
    winner: str = ""
    category: str = ""
    over_cap: Wait = "skip"
    quiet_hours: Wait = "later"
    source: Source | None = None
    schedule: Schedule | None = None
    until: int | None = None
    joiners: bool = False
    rounds: int = 0
    round_at: int = 0
    rate: float | None = None
    domains: tuple[str, ...] = ()
    look_at: int = 0

    def is_over(self, now: int) -> bool:
        """Whether nobody may be sent to any more."""
        return self.until is not None and self.until <= now

    def rests(self, now: int) -> bool:
        """Whether nothing about it can have changed since tending looked last."""
        return self.state in ENDED and now < self.look_at

    @property
    def tests(self) -> bool:
        """Whether a part of the audience waits until a test has told what it gets."""
        return self.test is not None and self.test.share < PERCENT and not self.winner

    @property
    def has_variants(self) -> bool:
        """Whether there is something to compare: one is no test."""
        return len({each.variant for each in self.members}) > 1

    def cohort(self, chunk: Chunk, position: int, address: str = "") -> Cohort:
        """Of a recipient of a chunk; of the domain nothing is known without the address."""
        place = PLACE_LETTERS.find(chunk.segments[position : position + 1] or NO_LETTER)
        segment = self.segments[place] if 0 <= place < len(self.segments) else ""
        return Cohort(segment, named(domain_of(address), self.domains) if address else "")

    def domain_letters(self, addresses: Mapping[int, str]) -> dict[int, str]:
        """By position, the letters of a chunk's `domains`."""
        letters = dict(zip(places(self.domains), PLACE_LETTERS, strict=False))
        return {i: letters[named(domain_of(each), self.domains)] for i, each in addresses.items()}

    def choices_of(self, email_id: str) -> frozenset[str]:
        """The letters by which a chunk says that somebody got this e-mail."""
        if not self.members:
            return frozenset(NO_CHOICE)
        return frozenset(CHOICES[n] for n, each in enumerate(self.members) if each.email == email_id)

    def member(self, choice: str) -> Member:
        """The e-mail and revision behind a letter of a chunk's choices."""
        if choice in ("", NO_CHOICE):
            return Member(self.email, self.revision, self.email)
        return self.members[CHOICES.index(choice)]


@dataclass(frozen=True, slots=True)
class Walk:
    """One walker's way over the audience.

    `cursor` is the last contact taken ("" at the start), `page` the id of the last committed page,
    `chunks` and `planned` what was committed so far. Chunks below `fed` have had a hint sent
    (`fed_at`), but for those that were put off: of them the ones whose `turn` is up to `woken`. `timed` says that some
    were planned for later. Chunks below `settled` are settled for good and summed in `sums`, and whom they were sent
    to in `sent` (`model/sent.py`).
    """

    number: int
    cursor: str = ""
    page: str = ""
    chunks: int = 0
    planned: int = 0
    done: bool = False
    fed: int = 0
    fed_at: int = 0
    settled: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    sent: Mapping[str, int] = field(default_factory=dict)
    version: int = 1
    progressed_at: int = 0
    timed: bool = False
    woken: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """planned = waiting + calling + sent + failed + skipped + in doubt + held + cancelled, always. Of those waiting
    `later` are put off: until their own hour, or until a cap or quiet hours let them have it.

    `members` has the same of each member of a family that has several, by its place in the family, for those whom a
    call has chosen it for. `apart` has the sums of `model/sent.py`.
    """

    planned: int = 0
    waiting: int = 0
    calling: int = 0
    sent: int = 0
    failed: int = 0
    in_doubt: int = 0
    held: int = 0
    cancelled: int = 0
    later: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[int, Tally] = field(default_factory=dict)
    apart: Mapping[str, int] = field(default_factory=dict)

    @property
    def settled(self) -> int:
        return self.planned - self.unsettled

    @property
    def unsettled(self) -> int:
        return self.waiting + self.calling + self.in_doubt


def moved(broadcast: Broadcast, move: Move) -> Broadcast:
    """The broadcast after a move; Conflict where the table knows no such move from its state."""
    target = MOVES[move].get(broadcast.state)
    if target is None:
        allowed = ", ".join(MOVES[move])
        raise Conflict(
            f"A broadcast that is {broadcast.state} cannot {move}.",
            field="state",
            hint=f"{move} is possible while it is {allowed}.",
        )
    if move == "resume" and not broadcast.walked:
        target = "planning"
    return replace(broadcast, state=target)


def recent(broadcast: Broadcast) -> Recent:
    """What a cap must know of a broadcast that has begun. While it is open an operator may send again."""
    ended_at = broadcast.ended_at if broadcast.closed else None
    return Recent(broadcast.family, broadcast.category, ended_at, 0 if broadcast.closed else broadcast.started_at or 0)


def is_hinted(walk: Walk, chunk: Chunk) -> bool:
    """Whether this chunk below `fed` has somebody waiting and has had a hint for them."""
    return bool(chunk.waiting) or (bool(chunk.due_at) and chunk.turn <= walk.woken)


def tallied(broadcast: Broadcast, walks: Iterable[Walk], chunks: Iterable[Chunk]) -> Tally:
    """The sums: what the walks have summed, the fates of the chunks between, the rest waiting.

    After a cancellation whoever waited is cancelled: no row needs to be written for that.
    """
    counts: dict[str, int] = {}
    apart: dict[str, int] = {}
    planned = 0
    for walk in walks:
        planned += walk.planned
        _add(counts, walk.sums)
        _add(apart, walk.sent)
    for each in chunks:
        add_fates(counts, each)
        add_sent(apart, each)
    counts.setdefault(WAITING, 0)
    counts[WAITING] += planned - sum(number for key, number in counts.items() if len(key) == 1)
    if broadcast.state == "cancelled":
        counts[CANCELLED] = counts.get(CANCELLED, 0) + counts.pop(WAITING) + counts.pop(LATER, 0)
    return replace(_tally(planned, counts), members=_by_member(counts), apart=apart)


def add_fates(counts: dict[str, int], chunk: Chunk) -> None:
    """A chunk's fates, letter by letter, on top of these counts; with choices, each pair of both letters too."""
    _add(counts, Counter(chunk.fates))
    pairs = map("".join, zip(chunk.fates, chunk.choices, strict=False))
    _add(counts, Counter(pair for pair in pairs if pair[1] != NO_CHOICE))


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for letter, number in more.items():
        counts[letter] = counts.get(letter, 0) + number


def _by_member(counts: Mapping[str, int]) -> dict[int, Tally]:
    chosen: dict[int, dict[str, int]] = {}
    for key, number in counts.items():
        if len(key) > 1:
            chosen.setdefault(CHOICES.index(key[1]), {})[key[0]] = number
    return {place: _tally(sum(letters.values()), letters) for place, letters in sorted(chosen.items())}


def _tally(planned: int, counts: Mapping[str, int]) -> Tally:
    later = counts.get(LATER, 0)
    return Tally(
        planned=planned,
        waiting=counts.get(WAITING, 0) + later,
        calling=counts.get(CALLING, 0),
        sent=counts.get(SENT, 0),
        failed=counts.get(FAILED, 0),
        in_doubt=counts.get(IN_DOUBT, 0),
        held=counts.get(HELD, 0),
        cancelled=counts.get(CANCELLED, 0),
        later=later,
        skipped={SKIPS[letter]: number for letter, number in counts.items() if letter in SKIPS and number},
    )
