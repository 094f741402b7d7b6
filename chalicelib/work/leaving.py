"""Leaving and coming back: a person's own word about mail. It holds before the answer goes out.

Both are idempotent: the event's id comes from the message, so that a link followed twice is told once.
"""

from __future__ import annotations

from chalicelib.model.fact import Event, Kind
from chalicelib.model.suppression import Suppression
from chalicelib.model.token import Tracked
from chalicelib.work.recording import record
from chalicelib.work.suppressing import PERSONAL, release, suppress
from chalicelib.work.world import World


def leave(world: World, tracked: Tracked, at: int) -> bool:
    """Suppresses the address, then records it. False where the contact was deleted and nobody knows the address."""
    address_hash = _address_hash(world, tracked)
    if address_hash:
        suppress(world, Suppression(address_hash, PERSONAL, str(tracked.message), at))
    record(world, [_told(world, "unsubscribed", tracked, at)])
    return bool(address_hash)


def come_back(world: World, tracked: Tracked, at: int) -> bool:
    """Takes the person's own word back, never a bounce. Whether the address may be written to again."""
    address_hash = _address_hash(world, tracked)
    released = bool(address_hash) and release(world, address_hash)
    record(world, [_told(world, "resubscribed", tracked, at)])
    return released


def _address_hash(world: World, tracked: Tracked) -> str:
    contact = world.contacts.read(tracked.message.contact)
    return world.signer.hashed("address", contact.address) if contact else ""


def _told(world: World, kind: Kind, tracked: Tracked, at: int) -> Event:
    event_id = world.signer.hashed(kind, str(tracked.message))
    return Event(event_id, kind, tracked.message, tracked.email, at)
