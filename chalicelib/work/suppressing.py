"""Do not contact. A person's own word stands above all else, and what lies beneath it is kept: taking the word
back never lifts a bounce.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.fact import EFFECTS, Event
from chalicelib.model.message import UNKNOWN
from chalicelib.model.suppression import OF_MAILBOXES, Reason, Suppression
from chalicelib.work import routing, soft_bounces
from chalicelib.work.world import World

PERSONAL: Reason = "unsubscribed"


def suppress(world: World, suppression: Suppression) -> None:
    """Puts it unless a stronger one stands; what gives way to a person's own word is kept beneath. Idempotent.

    What is older than a lifting of the address stays lifted: a late or repeated notice must not undo it.
    """
    if suppression.at < world.suppressions.record(suppression.address_hash).lifted_at:
        return
    standing = world.suppressions.read(suppression.address_hash)
    both = (suppression, standing) if standing is not None else (suppression,)
    if PERSONAL in {each.reason for each in both}:
        for each in both:
            _keep_beneath(world, each)
    world.suppressions.put(suppression)


def weighs(event: Event) -> bool:
    """Whether an event says something about the address itself."""
    return event.kind == "soft_bounced" or EFFECTS[event.kind].suppresses is not None


def suppress_told(world: World, event: Event, address: str) -> None:
    """What follows for the address from an event that weighs; nothing where nobody knows the address any more."""
    address = address.strip().lower()
    if not address:
        return
    address_hash = world.signer.hashed("address", address)
    reason = EFFECTS[event.kind].suppresses
    found = (
        Suppression(address_hash, reason, _source(event), event.at)
        if reason
        else soft_bounces.counted(world, event, address_hash)
    )
    if found is None:
        return
    suppress(world, found)
    if found.reason in OF_MAILBOXES and (not reason or not _is_on_list(world, event)):
        world.account_list.put(address, found.reason)


def release(world: World, address_hash: str) -> bool:
    """Takes a person's own word back, and nothing but it; whether the address may be written to now."""
    world.suppressions.remove(address_hash, PERSONAL)
    beneath = world.suppressions.read(beneath_of(address_hash))
    if beneath is not None:
        world.suppressions.put(replace(beneath, address_hash=address_hash))
        world.suppressions.remove(beneath.address_hash, beneath.reason)
    return world.suppressions.read(address_hash) is None


def beneath_of(address_hash: str) -> str:
    """The place of what lies beneath a person's own word: no address hashes to it."""
    return f"{address_hash}#beneath"


def _keep_beneath(world: World, suppression: Suppression) -> None:
    if suppression.reason != PERSONAL:
        world.suppressions.put(replace(suppression, address_hash=beneath_of(suppression.address_hash)))


def _source(event: Event) -> str:
    return f"ses {event.provider_id}" if event.message == UNKNOWN else str(event.message)


def _is_on_list(world: World, event: Event) -> bool:
    """SES puts on its list by itself what it tells us of (`SuppressionOptions` in infra/data.yaml)."""
    return event.message == UNKNOWN or (bool(event.provider_id) and routing.is_with_ses(world, event.message))
