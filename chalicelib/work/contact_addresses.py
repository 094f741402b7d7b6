"""A contact's address: whose it is, whose it was, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.model.contact import MAX_FORMER, Contact, Former
from chalicelib.model.errors import Conflict
from chalicelib.model.suppression import Reason
from chalicelib.work.addresses import address_hash
from chalicelib.work.suppressing import suppress
from chalicelib.work.world import World

COME_BACK = (
    "Only they can come back, by a sign-up form. Where they asked you to: "
    'DELETE /v1/suppressions/{address} with {"force": true}, and create the contact then.'
)
# What a person says, wherever they live.
OF_PEOPLE: frozenset[Reason] = frozenset({"unsubscribed", "complained"})


def remembered(world: World, before: Contact, after: Contact) -> Contact:
    """With the hash of the address that it had, where it has another now."""
    if after.address == before.address:
        return after
    former = Former(address_hash(world, before.address), world.now())
    return replace(after, former=(former, *before.former)[:MAX_FORMER])


def written(world: World, before: Contact, after: Contact) -> bool:
    """Whether the contact stands as `after`. Where it has another address now, what the person said of mail at the old
    one is said of the new one first. Raises Conflict where that is another's, or was somebody's who was erased.
    """
    if after.address == before.address:
        return world.contacts.update(after, before.version)
    old, new = address_hash(world, before.address), address_hash(world, after.address)
    _carry_word(world, old, new)
    if world.contacts.change_address(after, before.version, old, new):
        return True
    refuse_erased(world, new)
    holder = world.contacts.by_address(new)
    if holder is not None and holder != before.id:
        raise taken(after.address, holder, living=world.contacts.read(holder) is not None)
    return False


def _carry_word(world: World, old: str, new: str) -> None:
    """A crash behind it has said a no of an address that nobody has: it is nobody's loss."""
    standing = world.suppressions.read(old)
    if standing is not None and standing.reason in OF_PEOPLE and old != new:
        suppress(world, replace(standing, address_hash=new, source="address changed"))


def refuse_erased(world: World, hashed: str) -> None:
    """Raises Conflict where somebody was erased under this address: no team brings them back."""
    at = world.contacts.erased([hashed]).get(hashed)
    if at is not None:
        raise Conflict(f"Whoever had this address was erased on {_day(at)}.", field="address", hint=COME_BACK)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).date().isoformat()


def taken(address: str, holder: str, *, living: bool = True) -> Conflict:
    if living:
        hint = f"Update that one: PATCH /v1/contacts/{holder}."
        return Conflict(f"{address} is the address of the contact {holder}.", field="address", hint=hint)
    # its history must not be lost: whoever got a letter at this address is not to get it twice
    hint = "Create a contact with this address instead: it gets its old id and history back."
    return Conflict(f"{address} was the address of the deleted contact {holder}.", field="address", hint=hint)
