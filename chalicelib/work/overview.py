"""What a team sees first: what is under way, what is due, what came of the last broadcasts, and how its mail does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from chalicelib.model.broadcast import RUNNING, Broadcast, State
from chalicelib.model.health import LIMITS, Verdict, verdict
from chalicelib.model.pace import STILL, Pace, measured
from chalicelib.model.pacing import Quota
from chalicelib.model.recurrence import Recurrence
from chalicelib.work import broadcasting, dead_letters, routing, stats
from chalicelib.work.broadcasting import Progress
from chalicelib.work.recurring import MAX_RECURRENCES
from chalicelib.work.world import World

UNDER_WAY: frozenset[State] = frozenset({"planning", "sending", "testing", "paused"})
MAX_SHOWN = 20
LAST = 5
NO_LOOKS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`names` are the e-mails', by their ids; a deleted one has none. `paces` are by the broadcasts'."""

    running: list[Progress]
    due: list[Broadcast]
    recurring: list[Recurrence]
    names: dict[str, str]
    paces: dict[str, Pace]


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole` messages; below `enough` of them there is no verdict."""

    name: str
    part: int
    whole: int
    verdict: Verdict
    enough: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Result:
    """A broadcast that has begun, and what came of its family in all (`stats.of_family`)."""

    broadcast: Broadcast
    name: str
    stats: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Health:
    """`rates` are of the last broadcasts' e-mails together; `dead` counts messages by the queue that gave them up."""

    rates: list[Rate]
    quota: Quota
    held: int
    dead: dict[str, int]


def under_way(world: World, looks: Mapping[str, str] = NO_LOOKS) -> UnderWay:
    """Of the broadcasts that are open: those that run, the oldest first, and those that are due, the next first, as are
    the recurring e-mails. `looks` are by broadcast, as the Paces before said.
    """
    found = [world.broadcasts.read(each) for each in world.broadcasts.open()[:MAX_SHOWN]]
    broadcasts = [each for each in found if each is not None]
    running = sorted((each for each in broadcasts if each.state in UNDER_WAY), key=lambda each: each.started_at or 0)
    due = sorted((each for each in broadcasts if each.state == "scheduled"), key=lambda each: each.at)
    active = (each for each in world.recurrences.page(MAX_RECURRENCES, None)[0] if each.state == "active")
    recurring = sorted(active, key=lambda each: each.next_at)[:LAST]
    progresses = [broadcasting.progress(world, each.id) for each in running]
    paces = {each.broadcast.id: pace(each, world.now(), looks.get(each.broadcast.id, "")) for each in progresses}
    asked = [*(each.email for each in (*running, *due)), *(each.email for each in recurring)]
    called = names(world, asked)
    return UnderWay(progresses, due, recurring, called, paces)


def pace(progress: Progress, now: int, looks: str = "") -> Pace:
    """Of a broadcast that runs; whoever is put off until an hour of their own is not in what is left."""
    broadcast, tally = progress.broadcast, progress.tally
    if broadcast.state not in RUNNING:
        return STILL
    rest = tally.unsettled - tally.later if broadcast.walked else 0
    return measured(tally.settled, rest, now, looks)


def results(world: World) -> list[Result]:
    """Of the last broadcasts, one an e-mail."""
    latest, _ = world.broadcasts.latest(MAX_SHOWN, None)
    newest = {each.email: each for each in reversed(latest) if each.started_at}
    ordered = sorted(newest.values(), key=lambda each: -(each.started_at or 0))
    called = names(world, list(newest))
    last = [each for each in ordered if each.email in called][:LAST]
    return [Result(each, called[each.email], stats.of_family(world, each.email)) for each in last]


def health(world: World, last: Sequence[Result]) -> Health:
    sent = sum(each.stats["sent"] for each in last)
    counted = {name: sum(each.stats[name] for each in last) for name in LIMITS}
    return Health(
        rates=[
            Rate(name, part, sent, verdict(name, part, sent), LIMITS[name].enough) for name, part in counted.items()
        ],
        quota=routing.quota(world, "broadcast"),
        held=sum(each.stats["held"] for each in last),
        dead={each.queue: each.number for each in dead_letters.standings(world) if each.number},
    )


def names(world: World, emails: list[str]) -> dict[str, str]:
    found = {each: world.emails.read(each) for each in dict.fromkeys(emails)}
    return {each: email.name for each, email in found.items() if email is not None}
