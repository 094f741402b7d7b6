"""Writing down what became of a call: the message rows first, then the chunk.

Rows are deterministic, so that writing them twice is writing them once; a crash between the two leaves rows that
prove what happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.compose.as_sent import kept
from chalicelib.compose.revision import Revision
from chalicelib.model.chunk import FAILED, IN_DOUBT, MOVES, SENT, WAITING, Call, Chunk, call_of, judged
from chalicelib.model.cohort import Cohort
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import Accepted, InDoubt, NotSent, Outcome, Refused
from chalicelib.work.world import World

FATES: Mapping[type[Any], str] = {Accepted: SENT, Refused: FAILED, NotSent: WAITING, InDoubt: IN_DOUBT}
TRIES = 5
MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Made:
    """What the send log keeps of a letter: what it was filled with, and whose figures it belongs to."""

    values: Sequence[str]
    cohort: Cohort


def recorded(
    world: World,
    chunk: Chunk,
    call: Call,
    revision: Revision,
    outcomes: Mapping[int, Outcome],
    letters: Mapping[int, Made],
) -> Chunk | None:
    """The chunk as stored afterwards, outcomes and what is kept of their letters by position; None where it could not
    be written now.

    Where the lease has run out meanwhile and somebody has called these recipients in doubt, the outcome settles
    that doubt. Unwritten outcomes are found again by their rows.
    """
    rows = [
        row
        for position, outcome in outcomes.items()
        if (row := _row(chunk, call, revision, position, outcome, letters[position]))
    ]
    if rows:
        world.messages.put_many(rows)
    return _written(world, chunk, call, {position: FATES[type(outcome)] for position, outcome in outcomes.items()})


def _row(chunk: Chunk, call: Call, revision: Revision, position: int, outcome: Outcome, made: Made) -> Message | None:
    row = message_row(chunk, call, revision.email, revision.number, position, outcome)
    if row is None or row.state != "sent":
        return row
    return replace(row, kept=kept(revision, made.values), cohort=made.cohort)


def message_row(chunk: Chunk, call: Call, email: str, revision: int, position: int, outcome: Outcome) -> Message | None:
    """The send log's row of an outcome that is final; None for the others."""
    if not isinstance(outcome, Accepted | Refused):
        return None
    accepted = isinstance(outcome, Accepted)
    return Message(
        key=MessageKey(chunk.contacts[position], chunk.family),
        email=email,
        revision=revision,
        state="sent" if accepted else "failed",
        attempt=call.attempt,
        at=call.began_at,
        broadcast=chunk.broadcast,
        transport=call.transport,
        provider_id=outcome.provider_id if isinstance(outcome, Accepted) else "",
        reason=outcome.reason if isinstance(outcome, Refused) else "",
    )


def _written(world: World, chunk: Chunk, call: Call, fates: Mapping[int, str]) -> Chunk | None:
    before: Chunk | None = chunk
    for _ in range(TRIES):
        if before is None:
            return None
        possible = {at: fate for at, fate in fates.items() if _may_come(before, call, at, fate)}
        after = _counted(judged(before, possible), fates)
        if world.chunks.write(after):
            return after
        before = world.chunks.read(chunk.broadcast, chunk.walker, chunk.number)
    return None


def _may_come(chunk: Chunk, call: Call, position: int, fate: str) -> bool:
    """Whoever was sent to again meanwhile is in another call: the word of this one says nothing about that."""
    holder = call_of(chunk, position)
    return holder is not None and holder.attempt == call.attempt and fate in MOVES.get(chunk.fates[position], "")


def _counted(chunk: Chunk, fates: Mapping[int, str]) -> Chunk:
    trouble = any(fate in (WAITING, IN_DOUBT) for fate in fates.values())
    return replace(chunk, tries=min(MOST_TRIES, chunk.tries + 1) if trouble else 0)
