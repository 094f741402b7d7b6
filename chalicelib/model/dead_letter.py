"""A dead letter: a queue message that failed so often that its queue gave it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Queue = Literal["outgoing", "planning", "messages", "imports", "events"]

_AGAIN = " The sweep gives hints again by itself: nothing is lost with it."
# What each queue carries, and what a dead letter of it means.
QUEUES: Mapping[Queue, str] = MappingProxyType(
    {
        "outgoing": f"A hint to send a chunk.{_AGAIN}",
        "planning": f"A hint to plan or tend a broadcast.{_AGAIN}",
        "messages": f"A hint to send a template e-mail.{_AGAIN}",
        "imports": f"A hint to go on with a job.{_AGAIN}",
        "events": "What a provider said about messages: it is lost unless it is replayed. Told twice it counts once.",
    }
)
# Each takes and carries on what these hints of ours ask for; `do` of the hint.
DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "plan": "Plan walk {walker} of broadcast {broadcast}",
        "tend": "Tend broadcast {broadcast}",
        "deliver": "Send chunk {number} of walk {walker} of broadcast {broadcast}",
        "message": "Send or settle the template e-mail {message}",
        "import": "Go on with import {id}",
        "count": "Go on with count {id}",
        "relabel": "Go on with relabelling {id}",
        "rename": "Go on with renaming {id}",
        "preflight": "Go on with pre-flight {id}",
        "merge": "Go on with merge {id}",
        "fill": "Go on with the pass over segments {id}",
        "erase": "Go on with erasure {id}",
        "export": "Go on with export {id}",
        "sign-in": "Mail the link that member {member} asked for",
    }
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`id` is the queue's own, `body` what it carries; `asks` is the hint in it, empty for what is none. `receives`
    counts how often a worker has taken it, `sent_at` is when it was put on its queue (epoch ms).
    """

    id: str
    queue: Queue
    body: str
    asks: Mapping[str, str | int] = field(default_factory=dict)
    receives: int = 0
    sent_at: int = 0


def deed_of(letter: DeadLetter) -> str:
    """What it asked for, in words."""
    words = DEEDS.get(str(letter.asks.get("do")), "")
    try:
        return words.format(**letter.asks) if words else ""
    except (KeyError, IndexError):
        return words
