"""Who a contact is now: itself, or the one that it was merged into."""

from __future__ import annotations

from chalicelib.model.contact import Contact
from chalicelib.work.world import World

# A chain of merges is as long as somebody made it; this is longer than anybody does.
LONGEST = 20


def survivor(world: World, contact_id: str) -> Contact | None:
    """The contact itself where it was not merged; None where it, or the one that stays, is gone."""
    contact = world.contacts.read(contact_id)
    for _ in range(LONGEST):
        if contact is None or contact.merged_into is None:
            return contact
        contact = world.contacts.read(contact.merged_into)
    return None
