"""At which hour each recipient is planned: a page of contacts parted into those who are due together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from types import MappingProxyType

from chalicelib.model.best_hour import best_hour
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.contact import Contact
from chalicelib.model.feedback import Feedback
from chalicelib.model.schedule import Schedule, Timing, due_at
from chalicelib.model.zones import ZONE_FIELD, zone_of
from chalicelib.work.world import World

MINUTE_MS = 60_000
# The newest messages of a contact: what they opened among these tells their hour.
REMEMBERED = 100
# The world's clocks show about forty times at once; more groups than this are put together, the earlier ones later.
MOST_GROUPS = 58
STEPS = (1, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many contacts a page takes at most, and the time that it must have left (ms): whoever is planned for an hour
    of their own costs reads.
    """

    most: int
    reserve: int


# 40 full chunks and 58 that are not make a page; a contact's own hour takes two reads of what it opened.
PACES: Mapping[Timing, Pace] = MappingProxyType(
    {"instant": Pace(98 * 50, 10_000), "local": Pace(40 * 50, 15_000), "best_hour": Pace(500, 40_000)}
)


def pace(broadcast: Broadcast) -> Pace:
    return PACES[broadcast.schedule.timing if broadcast.schedule else "instant"]


def parted(world: World, broadcast: Broadcast, contacts: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The contacts by when they are due (epoch ms; 0: at once), each group in the order given."""
    schedule = broadcast.schedule
    if schedule is None or schedule.timing == "instant" or not contacts:
        return [(0, list(contacts))]
    known, now = world.contacts.read_many(contacts), world.now()
    due = {each: _due(world, schedule, known.get(each), now) for each in contacts}
    step = next((each for each in STEPS if len(set(_rounded(due.values(), each))) <= MOST_GROUPS), STEPS[-1])
    groups: dict[int, list[str]] = {}
    for each, at in zip(contacts, _rounded(due.values(), step), strict=True):
        groups.setdefault(at, []).append(each)
    return sorted(groups.items())


def _rounded(moments: Iterable[int], minutes: int) -> list[int]:
    """Each put off to the next whole step."""
    step = minutes * MINUTE_MS
    return [-(-at // step) * step for at in moments]


def _due(world: World, schedule: Schedule, contact: Contact | None, now: int) -> int:
    """Who has gone meanwhile is due at once: the call says that they are gone."""
    if contact is None:
        return 0
    zone = _zone(contact)
    hour = None
    if schedule.timing == "best_hour":
        hour = best_hour(_openings(world, contact), zone or zone_of(schedule.zone) or UTC)
    return due_at(schedule, zone, hour, now)


def _zone(contact: Contact) -> tzinfo | None:
    own = contact.fields.get(ZONE_FIELD)
    return zone_of(own) if isinstance(own, str) and own else None


def _openings(world: World, contact: Contact) -> list[int]:
    """When this person opened what they got lately; what proxies and scanners did is not theirs."""
    messages, _ = world.messages.history(contact.id, REMEMBERED, None)
    known = world.facts.read_many([each.key for each in messages])
    return [at for each in known.values() for at in _opened(each)]


def _opened(feedback: Feedback) -> list[int]:
    """The first opening or click of a message: whoever looks at it again does so for another reason."""
    hits = [fact.event.at for fact in feedback.facts if fact.verdict is not None and fact.verdict.label == "human"]
    return hits[:1]
