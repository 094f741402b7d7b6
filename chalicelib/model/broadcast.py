"""A broadcast: one run of a segment e-mail, its states and its sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from chalicelib.model.chunk import CALLING, CANCELLED, FAILED, HELD, IN_DOUBT, SENT, SKIPS, WAITING
from chalicelib.model.errors import Conflict

State = Literal["scheduled", "planning", "sending", "paused", "cancelled", "finished"]
Move = Literal["start", "planned", "pause", "resume", "cancel", "finish"]

MOVES: Mapping[Move, Mapping[State, State]] = MappingProxyType(
    {
        "start": {"scheduled": "planning"},
        "planned": {"planning": "sending"},
        "pause": {"planning": "paused", "sending": "paused"},
        # where the walk was not done, `resume` goes back to planning: see `moved`
        "resume": {"paused": "sending"},
        "cancel": {
            "scheduled": "cancelled",
            "planning": "cancelled",
            "sending": "cancelled",
            "paused": "cancelled",
        },
        "finish": {"sending": "finished"},
    }
)

RUNNING: frozenset[State] = frozenset({"planning", "sending"})
ENDED: frozenset[State] = frozenset({"cancelled", "finished"})


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`at` is when it is due; `walkers` is the number of parallel walks, fixed at the start.

    `lists_only` says that every chosen and excluded segment is a static list, so that the walk merges
    lists instead of scanning. `reason` says why a pause came by itself. `version` counts every write.
    Times are epoch milliseconds, UTC.
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


@dataclass(frozen=True, slots=True)
class Walk:
    """One walker's way over the audience.

    `cursor` is the last contact taken ("" at the start), `page` the id of the last committed page,
    `chunks` and `planned` what was committed so far. Chunks below `fed` have had a hint sent
    (`fed_at`); those below `settled` are settled for good and summed in `sums`.
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
    version: int = 1
    progressed_at: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """planned = waiting + calling + sent + failed + skipped + in doubt + held + cancelled, always."""

    planned: int = 0
    waiting: int = 0
    calling: int = 0
    sent: int = 0
    failed: int = 0
    in_doubt: int = 0
    held: int = 0
    cancelled: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)

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


def tallied(broadcast: Broadcast, walks: Iterable[Walk], fates: Iterable[str]) -> Tally:
    """The sums: what the walks have summed, the fates of the chunks between, the rest waiting.

    After a cancellation whoever waited is cancelled: no row needs to be written for that.
    """
    counts: dict[str, int] = {}
    planned = 0
    for walk in walks:
        planned += walk.planned
        _add(counts, walk.sums)
    for each in fates:
        add_fates(counts, each)
    counts.setdefault(WAITING, 0)
    counts[WAITING] += planned - sum(counts.values())
    if broadcast.state == "cancelled":
        counts[CANCELLED] = counts.get(CANCELLED, 0) + counts.pop(WAITING)
    return _tally(planned, counts)


def add_fates(counts: dict[str, int], fates: str) -> None:
    """A chunk's fates, letter by letter, on top of these counts."""
    _add(counts, {letter: fates.count(letter) for letter in set(fates)})


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for letter, number in more.items():
        counts[letter] = counts.get(letter, 0) + number


def _tally(planned: int, counts: Mapping[str, int]) -> Tally:
    return Tally(
        planned=planned,
        waiting=counts.get(WAITING, 0),
        calling=counts.get(CALLING, 0),
        sent=counts.get(SENT, 0),
        failed=counts.get(FAILED, 0),
        in_doubt=counts.get(IN_DOUBT, 0),
        held=counts.get(HELD, 0),
        cancelled=counts.get(CANCELLED, 0),
        skipped={SKIPS[letter]: number for letter, number in counts.items() if letter in SKIPS and number},
    )
