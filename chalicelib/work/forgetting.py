"""Forgetting a person who asks for it: what is left is the keyed hash of the address, so that nobody writes again."""

from __future__ import annotations

from chalicelib.model.errors import NotFound
from chalicelib.model.suppression import Suppression
from chalicelib.work import contacts
from chalicelib.work.suppressing import PERSONAL, suppress
from chalicelib.work.world import World


def forget(world: World, contact_id: str, source: str) -> bool:
    """Deletes the contact with all its fields, lists and consent history; False where it was gone already.

    The suppression goes first: a crash behind it leaves somebody who gets no mail, and asks again. `source` names the
    message whose link was followed.
    """
    contact = world.contacts.read(contact_id)
    if contact is None:
        return False
    suppress(world, Suppression(world.signer.hashed("address", contact.address), PERSONAL, source, world.now()))
    try:
        contacts.delete(world, contact.id)
    except NotFound:  # a second press of the button was quicker
        return False
    return True
