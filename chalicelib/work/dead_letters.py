"""Dead letters: seen, explained, replayed or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.dead_letter import QUEUES, DeadLetter, Queue, deed_of
from chalicelib.model.errors import Invalid, NotFound
from chalicelib.work.world import World

MOST = 500
MAX_IDS = 100
MAX_ID = 100

OVER = "What it asks for is over: dropping it does no harm."
OPEN = "It is still to be done. The sweep has hinted it again; replaying it does no harm."
ASKED = "Whoever wants a link asks again. After half an hour replaying it sends nothing."
FOREIGN = "It is no hint of this version. The log of the queue's function says what was wrong with it."


@dataclass(frozen=True, slots=True)
class Explained:
    """`asked` says in words what the letter asked for, `why` what to think of it."""

    letter: DeadLetter
    asked: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A queue, how many dead letters it has (about), and what they mean."""

    queue: Queue
    number: int
    means: str


def standings(world: World) -> list[Standing]:
    return [Standing(queue, world.dead_letters.number(queue), means) for queue, means in QUEUES.items()]


def page(world: World, queue: str, limit: int) -> list[Explained]:
    """Some of them, as the queue gives them out. Raises NotFound."""
    found = world.dead_letters.page(known(queue), limit)
    return [Explained(each, deed_of(each), _why(world, each)) for each in found]


def replay(world: World, queue: str, ids: Sequence[str] | None) -> int:
    """Back on their queue: these, or all (at most MOST at a time); how many. Raises NotFound, Invalid."""
    return world.dead_letters.replay(known(queue), None if ids is None else checked(ids), MOST)


def drop(world: World, queue: str, ids: Sequence[str]) -> int:
    """For good; how many of them were found. Raises NotFound, Invalid."""
    return world.dead_letters.drop(known(queue), checked(ids), MOST)


def known(queue: str) -> Queue:
    found: Queue | None = next((each for each in QUEUES if each == queue), None)
    if found is None:
        raise NotFound(f"There is no queue {queue[:60]!r}: it is one of {', '.join(QUEUES)}.", field="queue")
    return found


def checked(ids: Sequence[str]) -> frozenset[str]:
    if not 0 < len(ids) <= MAX_IDS:
        raise Invalid("ids", len(ids), f"Name 1 to {MAX_IDS} of them.")
    for each in ids:
        if not 0 < len(each) <= MAX_ID:
            raise Invalid("ids", each, "Give the id as the list of dead letters has it.")
    return frozenset(ids)


def _why(world: World, letter: DeadLetter) -> str:
    if letter.queue == "events":
        return QUEUES["events"]
    if not letter.asks:
        return FOREIGN
    if letter.asks.get("do") == "sign-in":
        return ASKED
    broadcast = letter.asks.get("broadcast")
    if isinstance(broadcast, str):
        found = world.broadcasts.read(broadcast)
        return OVER if found is None or found.closed else f"The broadcast is {found.state}. {OPEN}"
    return QUEUES[letter.queue]
