"""A chunk: up to fifty recipients and, a letter each, what became of them. The journal of sending.

Every write is conditional on `version`, so two workers can never both begin a call for one recipient.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

CHUNK = 50

WAITING, CALLING, SENT, FAILED, IN_DOUBT, HELD, CANCELLED = "w", "c", "s", "f", "d", "h", "x"
# Put off: waits as well, but not before the chunk's `due_at`.
LATER = "z"

SKIPS: Mapping[str, str] = MappingProxyType(
    {
        "g": "gone",
        "m": "merged",
        "U": "unsubscribed",
        "B": "bounced",
        "C": "complained",
        "M": "suppressed",
        "n": "no_consent",
        "o": "over_cap",
        "a": "already_sent",
        "v": "invalid_address",
        "l": "left_category",
        "p": "paused",
        "I": "imported",
        "q": "quiet_hours",
    }
)
SKIP_LETTERS: Mapping[str, str] = MappingProxyType({name: letter for letter, name in SKIPS.items()})

# From which fate a recipient may come to which: anything else is a fault of ours, and is refused.
MOVES: Mapping[str, str] = MappingProxyType(
    {
        WAITING: CALLING + LATER + CANCELLED + "".join(SKIPS),
        LATER: WAITING + CANCELLED,
        CALLING: SENT + FAILED + IN_DOUBT + WAITING,
        IN_DOUBT: SENT + FAILED + HELD,
        HELD: SENT + FAILED,
    }
)
# Where an operator forces it (`work/deciding.py`), and never by itself: some may then have it twice.
FORCED: Mapping[str, str] = MappingProxyType(dict(MOVES) | {HELD: MOVES[HELD] + WAITING})

NOBODY: Mapping[int, int] = MappingProxyType({})
NOWHERE: Mapping[int, str] = MappingProxyType({})

# No member of the family has been chosen yet (`model/family.py`).
NO_CHOICE = "-"

# Which of the broadcast's segments, by its place among them, a recipient was the first to belong to; and which of the
# domains that are told apart (`cohort.places`) the call went to.
PLACE_LETTERS, NO_LETTER = string.ascii_letters, "-"


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a transport: who is in it (positions in the chunk), since when, its lease, and which transport it is.

    Nobody else touches these recipients before `lease_until`; after it, without an outcome, they are
    in doubt. It stays on the chunk until the last of them is settled. Epoch milliseconds.
    """

    attempt: str
    began_at: int
    lease_until: int
    members: tuple[int, ...]
    transport: str = "ses"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Keyed (broadcast#walker, number). `fates` has one letter for each of `contacts`, and so has `choices` where the
    family has several members: which of them was chosen, `-` before a call.

    `segments` has a letter for each too: of the segment that brought them (PLACE_LETTERS); "" where none did. And so
    has `domains`, of whoever has been in a call; `called_at` is when the last one began (epoch ms).
    `tries` counts calls in a row that were certainly not sent (throttled, could not connect). `due_at` (epoch ms) is
    when the first of those who are put off may be taken; 0 where nobody is.
    """

    broadcast: str
    family: str
    walker: int
    number: int
    contacts: tuple[str, ...]
    fates: str
    version: int = 1
    calls: tuple[Call, ...] = ()
    tries: int = 0
    choices: str = ""
    due_at: int = 0
    segments: str = ""
    domains: str = ""
    called_at: int = 0

    @property
    def waiting(self) -> tuple[int, ...]:
        return self.at(WAITING)

    @property
    def turn(self) -> tuple[int, int]:
        """Its place among the chunks of a walk that are put off: the first to come due goes first."""
        return self.due_at, self.number

    @property
    def settled(self) -> bool:
        """Nothing about it will ever change again."""
        return not any(letter in self.fates for letter in MOVES)

    def at(self, letter: str) -> tuple[int, ...]:
        """The positions whose fate is this letter."""
        return tuple(i for i, each in enumerate(self.fates) if each == letter)


def planned_chunk(
    broadcast: str, family: str, walker: int, number: int, contacts: Sequence[str], *, due_at: int = 0
) -> Chunk:
    """With `due_at` (epoch ms) all of them are put off until then."""
    letter = LATER if due_at else WAITING
    return Chunk(broadcast, family, walker, number, tuple(contacts), letter * len(contacts), due_at=due_at)


def roused(chunk: Chunk, now: int) -> Chunk:
    """The chunk with those who were put off waiting again, once their time has come. Nothing is written for that: the
    next write carries it.
    """
    if not chunk.due_at or now < chunk.due_at:
        return chunk
    return replace(chunk, fates=chunk.fates.replace(LATER, WAITING), due_at=0)


def judged(chunk: Chunk, fates: Mapping[int, str], moves: Mapping[str, str] = MOVES) -> Chunk:
    """The chunk with these positions moved to these fates; ValueError where the table has no such move."""
    letters = list(chunk.fates)
    for position, fate in fates.items():
        if fate not in moves.get(letters[position], ""):
            raise ValueError(f"{chunk.broadcast}#{chunk.walker}/{chunk.number}: {letters[position]} -> {fate}")
        letters[position] = fate
    return _closed(replace(chunk, fates="".join(letters), version=chunk.version + 1))


def sifted_out(chunk: Chunk, skipped: Mapping[int, str], later: Mapping[int, int]) -> Chunk:
    """The chunk without anybody to send to now: who was skipped and why, and who is put off until when (epoch ms)."""
    return judged(_due(chunk, later), dict(skipped) | dict.fromkeys(later, LATER))


def begun(
    chunk: Chunk,
    call: Call,
    skipped: Mapping[int, str],
    choice: str = "",
    later: Mapping[int, int] = NOBODY,
    domains: Mapping[int, str] = NOWHERE,
) -> Chunk:
    """The journal entry of a call: exactly who is in it, what they get, at which domains they are, who was skipped and
    why, who is put off.
    """
    moves = dict(skipped) | dict.fromkeys(later, LATER) | dict.fromkeys(call.members, CALLING)
    after = replace(
        chunk,
        calls=(*chunk.calls, call),
        choices=_lettered(chunk, chunk.choices, dict.fromkeys(call.members, choice) if choice else NOWHERE),
        domains=_lettered(chunk, chunk.domains, domains),
        called_at=call.began_at,
    )
    return judged(_due(after, later), moves)


def _due(chunk: Chunk, later: Mapping[int, int]) -> Chunk:
    """The first to come due of those who are put off decides."""
    moments = [*later.values(), *([chunk.due_at] if chunk.due_at else [])]
    return replace(chunk, due_at=min(moments)) if moments else chunk


def choice_of(chunk: Chunk, position: int) -> str:
    """The letter of the member that was chosen for this recipient; "" where there is no choice."""
    return chunk.choices[position : position + 1]


def _lettered(chunk: Chunk, before: str, new: Mapping[int, str]) -> str:
    """With these letters at these positions."""
    if not new:
        return before
    letters = list(before or NO_LETTER * len(chunk.contacts))
    for position, letter in new.items():
        letters[position] = letter
    return "".join(letters)


def expired(chunk: Chunk, now: int) -> tuple[Call, ...]:
    """Calls whose lease ran out while somebody in them was still calling."""
    return tuple(
        call for call in chunk.calls if call.lease_until < now and any(chunk.fates[i] == CALLING for i in call.members)
    )


def call_of(chunk: Chunk, position: int) -> Call | None:
    """The open call that holds this recipient."""
    return next((call for call in chunk.calls if position in call.members), None)


def _closed(chunk: Chunk) -> Chunk:
    """Drop the calls in which nobody is calling, in doubt or held any more, and from all of them whoever waits again:
    the lease of the last call must not end the next.
    """
    open_letters = {CALLING, IN_DOUBT, HELD}
    calls = (call for call in chunk.calls if any(chunk.fates[i] in open_letters for i in call.members))
    return replace(chunk, calls=tuple(replace(call, members=_without_waiting(chunk, call)) for call in calls))


def _without_waiting(chunk: Chunk, call: Call) -> tuple[int, ...]:
    return tuple(i for i in call.members if chunk.fates[i] != WAITING)
