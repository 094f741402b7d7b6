"""What became of one recipient of a broadcast, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.model.chunk import (
    CALLING,
    CANCELLED,
    FAILED,
    HELD,
    IN_DOUBT,
    LATER,
    SENT,
    SKIP_LETTERS,
    SKIPS,
    WAITING,
    Chunk,
)
from chalicelib.model.errors import Invalid
from chalicelib.model.message import MessageKey

FATES: Mapping[str, str] = MappingProxyType(
    {
        WAITING: "waiting",
        LATER: "later",
        CALLING: "calling",
        SENT: "sent",
        FAILED: "failed",
        IN_DOUBT: "in_doubt",
        HELD: "held",
        CANCELLED: "cancelled",
    }
)
SKIPPED = "skipped"
NAMES = (*FATES.values(), SKIPPED)

# Whom the broadcast did not reach and will not reach any more by itself. Who has it already is not missed.
MISSED = frozenset({FAILED, HELD, CANCELLED, *SKIPS}) - {SKIP_LETTERS["already_sent"]}

_PLACE = re.compile(r"(\d{1,6})-(\d{1,9})-(\d{1,3})")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a recipient stands: walk, chunk, position. As text it is a cursor: what comes next begins there."""

    walker: int = 0
    number: int = 0
    position: int = 0

    def __str__(self) -> str:
        return f"{self.walker}-{self.number}-{self.position}"


@dataclass(frozen=True, slots=True)
class Fated:
    """One recipient: `letter` is that of the chunk, a waiting one of a cancelled broadcast being cancelled."""

    message: MessageKey
    letter: str
    place: Place
    choice: str = ""

    @property
    def fate(self) -> str:
        return FATES.get(self.letter, SKIPPED)

    @property
    def skip(self) -> str:
        """Why a skipped one was skipped; "" for all others."""
        return SKIPS.get(self.letter, "")


def fates_of(chunk: Chunk, *, cancelled: bool, first: int = 0) -> list[Fated]:
    """Each recipient of the chunk from this position on."""
    found = []
    for i in range(first, len(chunk.contacts)):
        letter = CANCELLED if cancelled and chunk.fates[i] in (WAITING, LATER) else chunk.fates[i]
        key = MessageKey(chunk.contacts[i], chunk.family)
        found.append(Fated(key, letter, Place(chunk.walker, chunk.number, i), chunk.choices[i : i + 1]))
    return found


def place_of(cursor: str | None) -> Place:
    """Raises Invalid."""
    if cursor is None:
        return Place()
    found = _PLACE.fullmatch(cursor)
    if found is None:
        raise Invalid("cursor", cursor, "Use `next` of the page before, as it is.")
    return Place(*map(int, found.groups()))


def letters_of(fate: str) -> frozenset[str]:
    """The letters of a fate's name, or of a reason to skip. Raises Invalid."""
    if fate == SKIPPED:
        return frozenset(SKIPS)
    letters = frozenset(letter for letter, name in {**FATES, **SKIPS}.items() if name == fate)
    if not letters:
        raise Invalid("fate", fate, f"It is one of {', '.join((*NAMES, *SKIPS.values()))}.")
    return letters
