"""Whom a broadcast was sent to, by segment, by the mailbox's domain and by day: sums over its chunks, which say all of
it already, so that nothing more is written for a recipient.

A sum's key is the letter of the member that was sent (NO_CHOICE where there is one alone), what is told apart, and
which of it: `-sb` are those whom the second segment brought, `0da` those of member 0 at all other domains,
`-t2026-11-24` those of a day (UTC), which is that of their chunk's last call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.model.chunk import NO_CHOICE, NO_LETTER, PLACE_LETTERS, SENT, Chunk, choice_of
from chalicelib.model.cohort import places
from chalicelib.model.counters import day_of

SEGMENT, DOMAIN, DAY = "s", "d", "t"


@dataclass(frozen=True, slots=True)
class SentTo:
    """Recipients by segment id, by domain (`model/cohort.py`) and by day (YYYY-MM-DD, UTC)."""

    segments: Mapping[str, int] = field(default_factory=dict)
    domains: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)


def add_sent(sums: dict[str, int], chunk: Chunk) -> None:
    """Those of a chunk who were sent to, on top of these sums."""
    day = day_of(chunk.called_at) if chunk.called_at else ""
    counted = Counter(key for each in chunk.at(SENT) for key in _keys(chunk, each, day))
    for key, number in counted.items():
        sums[key] = sums.get(key, 0) + number


def _keys(chunk: Chunk, position: int, day: str) -> Iterator[str]:
    choice = choice_of(chunk, position) or NO_CHOICE
    for kind, letters in ((SEGMENT, chunk.segments), (DOMAIN, chunk.domains)):
        letter = letters[position : position + 1] or NO_LETTER
        if letter != NO_LETTER:
            yield f"{choice}{kind}{letter}"
    if day:
        yield f"{choice}{DAY}{day}"


def sent_to(
    sums: Mapping[str, int], choices: Collection[str], segments: Sequence[str], biggest: Sequence[str]
) -> SentTo:
    """The sums of these members, with what the letters of the broadcast stand for."""
    found: dict[str, Counter[str]] = {SEGMENT: Counter(), DOMAIN: Counter(), DAY: Counter()}
    for key, number in sums.items():
        if key[0] in choices:
            found[key[1]][key[2:]] += number
    return SentTo(_named(found[SEGMENT], segments), _named(found[DOMAIN], places(biggest)), found[DAY])


def _named(counts: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    known = dict(zip(PLACE_LETTERS, names, strict=False))
    return {known[letter]: number for letter, number in counts.items() if letter in known}
