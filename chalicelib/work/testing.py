"""A/B tests under way: the part that tests has been sent to, the rest wait for the winner and are then planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from chalicelib.model.broadcast import Broadcast, Tally, moved
from chalicelib.model.email import Goal, SplitTest
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.family import variants
from chalicelib.model.winner import Result, Standing, standing
from chalicelib.work import broadcasting
from chalicelib.work.pages import every
from chalicelib.work.world import World

HOUR_MS = 3_600_000

# What is counted for each goal: opens and clicks of people alone.
REACHED: Mapping[Goal, str] = MappingProxyType(
    {"opened": "human_opened", "clicked": "human_clicked", "unsubscribed": "unsubscribed"}
)


@dataclass(frozen=True, slots=True)
class Report:
    """`weights` and `results` are by variant, the root first."""

    broadcast: Broadcast
    goal: Goal
    weights: Mapping[str, int]
    results: Mapping[str, Result]
    standing: Standing


def tend(world: World, broadcast: Broadcast, tally: Tally) -> None:
    """Begins to wait once everybody who tests is settled; decides when the time has come, where nobody is to."""
    test = broadcast.test or SplitTest()
    if broadcast.state == "sending":
        decide_at = broadcast.decide_at or world.now() + test.wait_hours * HOUR_MS
        after = replace(moved(broadcast, "test"), decide_at=decide_at, version=broadcast.version + 1)
        world.broadcasts.update(after, broadcast.version)
    elif test.automatic and world.now() >= (broadcast.decide_at or 0):
        _decide(world, broadcast, standing(results(world, broadcast, tally), test.goal).best)


def choose(world: World, broadcast_id: str, variant: str) -> broadcasting.Progress:
    """Somebody's own choice of the winner, at any time while the test waits. Raises NotFound, Conflict, Invalid."""
    progress = broadcasting.progress(world, broadcast_id)
    broadcast = progress.broadcast
    if broadcast.state != "testing":
        raise Conflict(
            f"No test waits for its winner: the broadcast is {broadcast.state}.",
            field="state",
            hint="A winner can be chosen while the broadcast is testing.",
        )
    known = variants(broadcast.members)
    if variant not in known:
        raise Invalid("email", variant, f"It is one of the variants: {', '.join(known)}.")
    _decide(world, broadcast, variant)
    decided = broadcasting.progress(world, broadcast_id)
    if decided.broadcast.winner != variant:
        said = decided.broadcast.winner or decided.broadcast.reason or decided.broadcast.state
        raise Conflict(
            f"This choice came too late, or was not possible: {said}.", field="email", hint="Look at the test."
        )
    return decided


def results(world: World, broadcast: Broadcast, tally: Tally) -> dict[str, Result]:
    """What each variant, its translations with it, has reached so far; the root first.

    In all broadcasts of the family: what came back is counted by e-mail, and says not of which broadcast.
    """
    goal: Goal = broadcast.test.goal if broadcast.test else "opened"
    found = dict.fromkeys(variants(broadcast.members), Result(0, 0))
    sent = _sent(broadcast, tally)
    for each in _others(world, broadcast):
        sent += _sent(each, broadcasting.progress(world, each.id).tally)
    for member in broadcast.members:
        before = found[member.variant]
        reached = world.facts.counters(member.email).get(REACHED[goal], 0)
        found[member.variant] = Result(before.sent + sent[member.email], before.reached + reached)
    return found


def _sent(broadcast: Broadcast, tally: Tally) -> Counter[str]:
    """How many got each e-mail of the family."""
    if not broadcast.members:
        return Counter({broadcast.email: tally.sent})
    return Counter({broadcast.members[place].email: each.sent for place, each in tally.members.items()})


def _others(world: World, broadcast: Broadcast) -> Iterator[Broadcast]:
    found = every(partial(world.broadcasts.of_email, broadcast.email))
    return (each for each in found if each.id != broadcast.id)


def report(world: World, broadcast_id: str) -> Report:
    """How the variants of a broadcast stand; Conflict where its e-mail has none."""
    progress = broadcasting.progress(world, broadcast_id)
    broadcast = progress.broadcast
    if not broadcast.has_variants:
        raise Conflict(
            "This broadcast tests nothing: its e-mail has no variants.",
            hint="Make one before the first broadcast: POST /v1/emails with variant_of and weight.",
        )
    found = results(world, broadcast, progress.tally)
    goal = broadcast.test.goal if broadcast.test else SplitTest().goal
    return Report(broadcast, goal, variants(broadcast.members), found, standing(found, goal))


def _decide(world: World, broadcast: Broadcast, variant: str) -> None:
    """The winner and the next round's walks in one transaction: decided twice is decided once."""
    broadcasting.next_round(world, replace(broadcast, winner=variant), "decide")
