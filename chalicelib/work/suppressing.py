"""Do not contact. A person's own word stands above all else, and what lies beneath it is kept: taking the word
back never lifts a bounce.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.suppression import Reason, Suppression
from chalicelib.work.world import World

PERSONAL: Reason = "unsubscribed"


def suppress(world: World, suppression: Suppression) -> None:
    """Puts it unless a stronger one stands; what gives way to a person's own word is kept beneath. Idempotent."""
    standing = world.suppressions.read(suppression.address_hash)
    both = (suppression, standing) if standing is not None else (suppression,)
    if PERSONAL in {each.reason for each in both}:
        for each in both:
            _keep_beneath(world, each)
    world.suppressions.put(suppression)


def release(world: World, address_hash: str) -> bool:
    """Takes a person's own word back, and nothing but it; whether the address may be written to now."""
    world.suppressions.remove(address_hash, PERSONAL)
    beneath = world.suppressions.read(_beneath(world, address_hash))
    if beneath is not None:
        world.suppressions.put(replace(beneath, address_hash=address_hash))
        world.suppressions.remove(beneath.address_hash, beneath.reason)
    return world.suppressions.read(address_hash) is None


def _keep_beneath(world: World, suppression: Suppression) -> None:
    if suppression.reason != PERSONAL:
        world.suppressions.put(replace(suppression, address_hash=_beneath(world, suppression.address_hash)))


def _beneath(world: World, address_hash: str) -> str:
    """A row of its own: no address hashes to it."""
    return world.signer.hashed("beneath", address_hash)
