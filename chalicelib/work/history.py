"""Keeping the changes of a contact. The last one lies in the contact itself, those before it in rows of their own.

Whoever changes a contact first puts the edit that lies in it into its own row, and then writes the contact with the new
one: whatever was committed is kept, whoever loses has only put what was there anyway, and a first change costs no write
beyond the contact's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model.contact import Contact, Edit
from chalicelib.model.history import Kept, edited
from chalicelib.work.world import World

PERSON = "person"


def noted(world: World, before: Contact, after: Contact, by: str = "") -> Contact:
    """`after` with its edit, ready to be written over `before`. `by` whoever acts in this world, unless it is said."""
    [contact] = all_noted(world, [(before, after)], by)
    return contact


def all_noted(world: World, pairs: Sequence[tuple[Contact, Contact]], by: str = "") -> list[Contact]:
    who = by or world.actor.name or world.actor.kind
    contacts = [edited(before, after, world.now(), who) for before, after in pairs]
    earlier = [
        Kept(before.id, before.edit)
        for (before, _), contact in zip(pairs, contacts, strict=True)
        if before.edit is not None and contact.edit != before.edit
    ]
    if earlier:
        world.edits.keep(earlier)
    return contacts


def edits(world: World, contact: Contact) -> list[Edit]:
    """The newest first."""
    earlier = [each for each in world.edits.of_contact(contact.id) if each != contact.edit]
    return ([contact.edit] if contact.edit else []) + earlier
