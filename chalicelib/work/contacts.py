"""Contacts: people with one address each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.fields import checked_fields, merged
from chalicelib.model.ids import is_id
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.world import World

TRIES = 5


def create(world: World, address: str, fields: Mapping[str, object] | None = None, *, consent: bool = True) -> Contact:
    """A new contact; an address that a deleted contact had brings its old id back, and with it its history.

    Raises Invalid (address, fields) and Conflict where a contact has this address: the message names its id.
    """
    address = normalised(address)
    known = merged({}, checked_fields(fields or {}))
    hashed = address_hash(world, address)
    for _ in range(TRIES):
        holder = _living_holder(world, hashed)
        if holder:
            raise _taken(address, holder)
        identifier, now = world.contacts.by_address(hashed) or world.new_id(), world.now()
        contact = Contact(identifier, address, known, created_at=now, updated_at=now, consent=consent)
        if world.contacts.create(contact, hashed):
            return contact
    raise _moved_on(address)


def read(world: World, who: str) -> Contact:
    """By id or by address; NotFound, and Invalid for what looks like an address and is none."""
    identifier = world.contacts.by_address(address_hash(world, normalised(who))) if "@" in who else who
    contact = world.contacts.read(identifier) if identifier and is_id(identifier) else None
    if contact is None:
        raise NotFound(f"There is no contact {who[:60]!r}.", field="address" if "@" in who else "id")
    return contact


def update(world: World, who: str, changes: Mapping[str, Any], expected_version: int | None = None) -> Contact:
    """The contact with `changes`: any of `address`, `fields` (merged; null removes) and `consent`.

    A change that changes nothing writes nothing. Raises NotFound, Invalid, TooLarge, and Conflict where the new
    address is another contact's, where `expected_version` is not the contact's, or where others keep writing.
    """
    wanted = _checked(changes)
    for _ in range(TRIES):
        before = read(world, who)
        if expected_version is not None and before.version != expected_version:
            raise _moved_on(who)
        after = _changed(before, wanted)
        if after == before:
            return before
        after = replace(after, version=before.version + 1, updated_at=world.now())
        if _written(world, before, after):
            return after
    raise _moved_on(who)


def delete(world: World, who: str) -> None:
    """Takes the contact out of its lists and deletes it. What was sent to it stays in the send log."""
    for _ in range(TRIES):
        contact = read(world, who)
        for segment_id in sorted(contact.lists):
            if world.segments.remove_member(segment_id, contact):
                contact = read(world, contact.id)
        if world.contacts.delete(contact.id, contact.version):
            return
    raise _moved_on(who)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
    return world.contacts.page(limit, cursor)


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(changes.keys() - CHECKS.keys())
    if unknown:
        raise Invalid(unknown[0], changes[unknown[0]], f"These can be changed: {', '.join(CHECKS)}.")
    return {name: CHECKS[name](value) for name, value in changes.items()}


def _address(value: object) -> str:
    if not isinstance(value, str):
        raise Invalid("address", value, "Give one address such as ann@example.com.")
    return normalised(value)


def _fields(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid("fields", value, 'Give an object of fields by alias, such as {"firstname": "Ann"}.')
    return checked_fields(value)


def _consent(value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid("consent", value, "Give true or false.")
    return value


CHECKS = {"address": _address, "fields": _fields, "consent": _consent}


def _changed(before: Contact, wanted: Mapping[str, Any]) -> Contact:
    return replace(before, **(dict(wanted) | {"fields": merged(before.fields, wanted.get("fields", {}))}))


def _written(world: World, before: Contact, after: Contact) -> bool:
    if after.address == before.address:
        return world.contacts.update(after, before.version)
    old, new = address_hash(world, before.address), address_hash(world, after.address)
    if world.contacts.change_address(after, before.version, old, new):
        return True
    holder = world.contacts.by_address(new)
    if holder is not None and holder != before.id:
        raise _taken(after.address, holder, living=world.contacts.read(holder) is not None)
    return False


def _living_holder(world: World, hashed: str) -> str | None:
    holder = world.contacts.by_address(hashed)
    return holder if holder and world.contacts.read(holder) else None


def _taken(address: str, holder: str, *, living: bool = True) -> Conflict:
    if living:
        hint = f"Update that one: PATCH /v1/contacts/{holder}."
        return Conflict(f"{address} is the address of the contact {holder}.", field="address", hint=hint)
    # its history must not be lost: whoever got a letter at this address is not to get it twice
    hint = "Create a contact with this address instead: it gets its old id and history back."
    return Conflict(f"{address} was the address of the deleted contact {holder}.", field="address", hint=hint)


def _moved_on(who: str) -> Conflict:
    return Conflict(f"The contact {who[:60]} was changed meanwhile.", hint="Read it again and repeat your change.")
