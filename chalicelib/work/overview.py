"""What a team sees first: what is under way, and what is due."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.broadcast import Broadcast, State
from chalicelib.work import broadcasting
from chalicelib.work.broadcasting import Progress
from chalicelib.work.world import World

UNDER_WAY: frozenset[State] = frozenset({"planning", "sending", "testing", "paused"})
MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`names` are the e-mails', by their ids; a deleted one has none."""

    running: list[Progress]
    due: list[Broadcast]
    names: dict[str, str]


def under_way(world: World) -> UnderWay:
    """Of the broadcasts that are open: those that run, the oldest first, and those that are due, the next first."""
    found = [world.broadcasts.read(each) for each in world.broadcasts.open()[:MAX_SHOWN]]
    broadcasts = [each for each in found if each is not None]
    running = sorted((each for each in broadcasts if each.state in UNDER_WAY), key=lambda each: each.started_at or 0)
    due = sorted((each for each in broadcasts if each.state == "scheduled"), key=lambda each: each.at)
    progresses = [broadcasting.progress(world, each.id) for each in running]
    return UnderWay(progresses, due, _names(world, [each.email for each in (*running, *due)]))


def _names(world: World, emails: list[str]) -> dict[str, str]:
    found = {each: world.emails.read(each) for each in dict.fromkeys(emails)}
    return {each: email.name for each, email in found.items() if email is not None}
