"""What somebody decided about recipients who are held in doubt: nobody knows whether they got their letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from chalicelib.model.chunk import HELD, Chunk, call_of

What = Literal["sent", "given_up", "resend"]
WHATS: tuple[What, ...] = get_args(What)
State = Literal["open", "done"]

# How long evidence is awaited behind a call's lease (ms), by the name of its transport.
Window = Callable[[str], int]

# Who decided where nobody did by hand.
STANDING = "the standing choice to resend without evidence"


@dataclass(frozen=True, slots=True)
class Decision:
    """`about` is the id of a broadcast or of a template message. `sent`: count them as sent; `given_up`: count them as
    failed, and never mail them this again; `resend`: mail them again, though some may then have it twice.

    `contacts` are those whom it is about; none: everybody who was held `at` that time, `number` of them. `by` and
    `actor` are the name and id of who says so. Epoch milliseconds, UTC.
    """

    id: str
    about: str
    what: What
    contacts: tuple[str, ...] = ()
    number: int = 0
    by: str = ""
    actor: str = ""
    note: str = ""
    at: int = 0
    state: State = "open"
    done_at: int | None = None
    version: int = 1


def covers(decision: Decision, chunk: Chunk, position: int, window: Window) -> bool:
    """Whether it is about this recipient: held now, and when it was taken. A doubt that came later is another one."""
    call = call_of(chunk, position)
    if chunk.fates[position] != HELD or call is None:
        return False
    if decision.contacts and chunk.contacts[position] not in decision.contacts:
        return False
    return call.lease_until + window(call.transport) <= decision.at


def decided(decisions: Sequence[Decision], chunk: Chunk, window: Window) -> dict[int, Decision]:
    """Those of the chunk's recipients whom somebody has decided about, by position; the last word counts."""
    newest = sorted(decisions, key=lambda each: (each.at, each.id))
    return {i: each for each in newest for i in chunk.at(HELD) if covers(each, chunk, i, window)}
