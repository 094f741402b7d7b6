"""Contacts: people with one address each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from chalicelib.model.consent import Consent, ConsentKind
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Conflict, NotFound
from chalicelib.model.fields import merged
from chalicelib.model.ids import is_id
from chalicelib.model.importing import Mark
from chalicelib.model.searching import checked_start
from chalicelib.model.tagging import checked_points, checked_stage, checked_tags
from chalicelib.work import companies, definitions, history, owners, stages, tags
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.contact_addresses import refuse_erased, remembered, taken, written
from chalicelib.work.contact_changes import CHECKS, changed
from chalicelib.work.keeping import checked
from chalicelib.work.world import World

TRIES = 5


def create(  # noqa: PLR0913  # what a contact begins with, each by its name
    world: World,
    address: str,
    fields: Mapping[str, object] | None = None,
    *,
    consent: bool = True,
    owner_id: str | None = None,
    company_id: str | None = None,
    tags: Sequence[str] = (),
    points: int = 0,
    stage: str | None = None,
    mark: Mark | None = None,
) -> Contact:
    """A new contact; an address that a deleted contact had brings its old id back, and with it its history.

    Fields that are not named have their definitions' defaults. Raises Invalid (address, fields, owner_id,
    company_id, tags, points, stage), TooLarge, and Conflict where a contact has this address: the message names its id.
    """
    address = normalised(address)
    known = definitions.by_alias(world)
    held = merged(definitions.defaults(known), definitions.typed_fields(known, fields or {}))
    owner, company = owners.named(world, owner_id), companies.named(world, company_id)
    labels, score, step = checked_tags(tags), checked_points(points), checked_stage(stage)
    hashed = address_hash(world, address)
    for _ in range(TRIES):
        holder = _living_holder(world, hashed)
        if holder:
            raise taken(address, holder)
        identifier, now = world.contacts.by_address(hashed) or world.new_id(), world.now()
        contact = Contact(
            identifier,
            address,
            held,
            created_at=now,
            updated_at=now,
            consent=consent,
            owner_id=owner,
            company_id=company,
            tags=labels,
            points=score,
            stage=step,
            imported=mark.put_on((), "created") if mark else (),
        )
        _keep_names(world, None, contact)
        if world.contacts.create(contact, hashed):
            return contact
        refuse_erased(world, hashed)
    raise _moved_on(address)


def read(world: World, who: str, named: str = "id") -> Contact:
    """By id or by address; NotFound, and Invalid for what looks like an address and is none. `named` is the field that
    the id came in.
    """
    identifier = world.contacts.by_address(address_hash(world, normalised(who))) if "@" in who else who
    contact = world.contacts.read(identifier) if identifier and is_id(identifier) else None
    if contact is None:
        hint = "Give the id or the address of a contact (GET /v1/contacts)."
        raise NotFound(f"There is no contact {who[:60]!r}.", field="address" if "@" in who else named, hint=hint)
    return contact


def update(
    world: World,
    who: str,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
    by: str = "",
    mark: Mark | None = None,
) -> Contact:
    """The contact with `changes`: any of `address`, `fields` (merged; null removes), `consent`, `tracking`, and
    `owner_id` and `company_id` (null or "" for none), `tags` (all of them) or `add_tags` and `remove_tags`, `points`
    or `add_points` (which may be less than none), `stage` (null or "" for none).

    A change that changes nothing writes nothing; one that does is kept as made `by` somebody. Raises NotFound,
    Invalid, TooLarge, and Conflict where the new address is another contact's, where `expected_version` is not the
    contact's, or where others keep writing.
    """
    wanted = checked(world, CHECKS, changes)
    for _ in range(TRIES):
        before = read(world, who)
        if expected_version is not None and before.version != expected_version:
            raise _moved_on(who)
        living(before)
        after = changed(before, wanted)
        if after == before:
            return before
        after = replace(remembered(world, before, after), version=before.version + 1, updated_at=world.now())
        after = history.noted(world, before, after, by)
        if mark is not None:
            after = replace(after, imported=mark.put_on(before.imported, "updated"))
        _keep_names(world, before, after)
        if written(world, before, after):
            _keep_history(world, before, after)
            return after
    raise _moved_on(who)


def living(contact: Contact) -> Contact:
    """The contact; Conflict for what is left of one that was merged into another."""
    if contact.merged_into is not None:
        hint = f"Use that one: /v1/contacts/{contact.merged_into}."
        raise Conflict(f"The contact {contact.id} was merged into {contact.merged_into}.", hint=hint)
    return contact


def delete(world: World, who: str, expected_version: int | None = None) -> None:
    """Takes the contact out of its lists and deletes it with the history of its consent and its changes. What was
    sent to it stays in the send log, under its id.
    """
    for _ in range(TRIES):
        contact = read(world, who)
        if expected_version not in (None, contact.version):
            raise _moved_on(who)
        for segment_id in sorted(contact.lists):
            if world.segments.remove_member(segment_id, contact):
                contact = read(world, contact.id)
                expected_version = None
        world.consents.forget(contact.id)
        world.edits.forget(contact.id)
        if world.contacts.delete(contact.id, contact.version):
            return
    raise _moved_on(who)


def page(world: World, limit: int, cursor: str | None, search: str | None = None) -> tuple[list[Contact], str | None]:
    """All of them in nobody's order, or those whose address or name begins with what is searched. Raises Invalid."""
    if search is None:
        return world.contacts.page(limit, cursor)
    return world.contacts.search(checked_start(search), limit, cursor)


CONSENTS: Mapping[str, tuple[ConsentKind, ConsentKind]] = MappingProxyType(
    {"consent": ("given", "withdrawn"), "tracking": ("tracking_given", "tracking_withdrawn")}
)


def _keep_names(world: World, before: Contact | None, after: Contact) -> None:
    """New tags and a new stage are on the team's lists before a contact has them."""
    tags.keep(world, after.tags - (before.tags if before else frozenset()))
    stages.keep(world, [after.stage] if before is None or after.stage != before.stage else [])


def _keep_history(world: World, before: Contact, after: Contact) -> None:
    """What the team changed of a consent is told apart from what the person said."""
    for name, kinds in CONSENTS.items():
        if getattr(before, name) != getattr(after, name):
            kind = kinds[0] if getattr(after, name) else kinds[1]
            world.consents.add(Consent(world.new_id(), after.id, kind, after.updated_at, "team"))


def _living_holder(world: World, hashed: str) -> str | None:
    holder = world.contacts.by_address(hashed)
    return holder if holder and world.contacts.read(holder) else None


def _moved_on(who: str) -> Conflict:
    message = f"The contact {who[:60]} was changed meanwhile."
    return Conflict(message, field="version", hint="Read it again and repeat your change.")
