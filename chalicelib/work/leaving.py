"""Leaving and coming back: a person's own word about mail. It holds before the answer goes out.

All of it is idempotent: an event's id comes from the message, so that a link followed twice is told once. What holds
is written first, then the history of consent where something changed, then the fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.model.contact import Contact
from chalicelib.model.fact import Event, Kind
from chalicelib.model.suppression import Suppression
from chalicelib.model.token import Tracked
from chalicelib.work import consenting, preferences
from chalicelib.work.consenting import NOBODY, Visit
from chalicelib.work.recording import record
from chalicelib.work.suppressing import PERSONAL, release, suppress
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

# Why somebody leaves, as the page offers it; kept with the fact.
REASONS = ("too_many", "not_relevant", "never_asked", "other")
MAX_SAID = 500
NOTHING: Mapping[str, str] = MappingProxyType({})


def leave(world: World, tracked: Tracked, at: int, why: Mapping[str, str] = NOTHING, visit: Visit = NOBODY) -> bool:
    """Suppresses the address, then records it. False where the contact was deleted and nobody knows the address."""
    contact = survivor(world, tracked.message.contact)
    if contact is not None:
        _suppress(world, contact, str(tracked.message), at, visit)
    record(world, [_told(world, "unsubscribed", tracked, at, why)])
    return contact is not None


def come_back(world: World, tracked: Tracked, at: int, visit: Visit = NOBODY) -> bool:
    """Takes the person's own word back, never a bounce. Whether the address may be written to again."""
    contact = survivor(world, tracked.message.contact)
    released = contact is not None and _release(world, contact, at, visit)
    record(world, [_told(world, "resubscribed", tracked, at, NOTHING)])
    return released


def leave_category(
    world: World, tracked: Tracked, category: str, at: int, why: Mapping[str, str] = NOTHING, visit: Visit = NOBODY
) -> bool:
    """As `leave`, for e-mails of one category: calls that read after this leave the person out of those alone."""
    known = preferences.leave_category(world, tracked.message.contact, category, visit)
    record(world, [_told(world, "category_left", tracked, at, why, category)])
    return known


def rejoin_category(world: World, tracked: Tracked, category: str, at: int, visit: Visit = NOBODY) -> bool:
    known = preferences.join_category(world, tracked.message.contact, category, visit)
    record(world, [_told(world, "resubscribed", tracked, at, NOTHING, category)])
    return known


def has_left(world: World, contact: Contact) -> bool:
    """Whether the person's own word stands against all mail."""
    standing = world.suppressions.read(_hash(world, contact))
    return standing is not None and standing.reason == PERSONAL


def checked_reason(reason: str, said: str) -> dict[str, str]:
    """What is kept of a reason: a page is filled in by anybody, so what it did not offer is left out."""
    words = " ".join(said[: MAX_SAID * 2].split())[:MAX_SAID]
    given = {"reason": reason if reason in REASONS else "", "said": words if words.isprintable() else ""}
    return {name: text for name, text in given.items() if text}


def _suppress(world: World, contact: Contact, source: str, at: int, visit: Visit) -> None:
    left = has_left(world, contact)
    suppress(world, Suppression(_hash(world, contact), PERSONAL, source, at))
    if not left:
        consenting.keep(world, contact.id, "withdrawn", at, visit)


def _release(world: World, contact: Contact, at: int, visit: Visit) -> bool:
    left = has_left(world, contact)
    released = release(world, _hash(world, contact))
    if left:
        consenting.keep(world, contact.id, "given", at, visit)
    return released


def _hash(world: World, contact: Contact) -> str:
    return world.signer.hashed("address", contact.address)


def _told(world: World, kind: Kind, tracked: Tracked, at: int, why: Mapping[str, str], category: str = "") -> Event:
    event_id = consenting.event_id(world, kind, tracked.message, category)
    detail = dict(why) | ({"category": category} if category else {})
    return Event(event_id, kind, tracked.message, tracked.email, at, detail=detail)
