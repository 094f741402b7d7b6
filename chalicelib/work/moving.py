"""Another address for somebody: a letter goes to the new one, and its link makes the change."""

from __future__ import annotations

from contextlib import suppress as passing
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.model import ids
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.form import HOUR_MS
from chalicelib.model.preference import DAY_MS
from chalicelib.model.token import MOVING, Signer
from chalicelib.work import built_in_letters, consenting, contacts, history, preferences
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.built_in_letters import CONFIRM, From, Words
from chalicelib.work.consenting import Visit
from chalicelib.work.messaging import Letter, send_letter
from chalicelib.work.world import World

# How long the link in the letter holds, and how many letters an hour one person may have sent out.
VALID_MS = 7 * DAY_MS
MOST_AN_HOUR = 3
# contact (10), keyed hash of the new address (10), until when (6: epoch ms)
SAID_BYTES = 2 * ids.ID_BYTES + 6

Moved = Literal["moved", "lost", "taken"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a token says: whose address is to become which; `hashed` is the new one's."""

    contact: str
    hashed: str
    until: int


def ask(world: World, contact: Contact, typed: str, sender: From, words: Words, visit: Visit) -> None:
    """Sends the letter, at most once an hour to one address. Nothing tells whether somebody else has that address.

    Raises Invalid (no address, or their own), and Conflict after MOST_AN_HOUR an hour.
    """
    address, now = normalised(typed), world.now()
    if address == contact.address:
        raise Invalid("address", typed, "This is your address already.")
    recent = tuple(each for each in contact.preferences.wanted_at if now - each < HOUR_MS)
    if len(recent) >= MOST_AN_HOUR:
        raise Conflict("Too many letters were asked for.", hint="Try again in an hour.")
    wanted = replace(contact.preferences, wanted_address=address, wanted_at=(*recent, now))
    after = preferences.change(world, contact.id, lambda before: replace(before, preferences=wanted), visit)
    holder = world.contacts.by_address(address_hash(world, address))
    if after is not None and (holder is None or holder == contact.id):
        _send(world, after, sender, words, now)


def wanted_by(signer: Signer, token: str) -> Wanted | None:
    said = signer.noted(MOVING, token, SAID_BYTES)
    if said is None:
        return None
    return Wanted(ids.from_bytes(said[:10]), ids.from_bytes(said[10:20]), int.from_bytes(said[20:], "big"))


def standing(world: World, wanted: Wanted) -> Contact | None:
    """The contact, where the change is done or can be made: not too late, and no other address asked for since."""
    contact = world.contacts.read(wanted.contact)
    if contact is None or contact.merged_into is not None:
        return None
    if address_hash(world, contact.address) == wanted.hashed:
        return contact
    waits = contact.preferences.wanted_address
    holds = waits and address_hash(world, waits) == wanted.hashed and world.now() <= wanted.until
    return contact if holds else None


def confirm(world: World, wanted: Wanted, visit: Visit) -> Moved:
    """Changes the address; once is as good as twice. Whoever had left stays out under the new address too."""
    contact = standing(world, wanted)
    if contact is None:
        return "lost"
    if address_hash(world, contact.address) == wanted.hashed:
        return "moved"
    try:
        contacts.update(world, contact.id, {"address": contact.preferences.wanted_address}, by=history.PERSON)
    except Conflict:
        return "taken"
    preferences.change(world, contact.id, _settled, visit)
    consenting.keep(world, contact.id, "address_changed", world.now(), visit)
    return "moved"


def _settled(before: Contact) -> Contact:
    return replace(before, preferences=replace(before.preferences, wanted_address=""))


def _send(world: World, contact: Contact, sender: From, words: Words, now: int) -> None:
    revision = built_in_letters.revision(world, "moving", sender, words)
    hashed = address_hash(world, contact.preferences.wanted_address)
    until = (now + VALID_MS).to_bytes(6, "big")
    token = world.signer.note(MOVING, ids.to_bytes(contact.id) + ids.to_bytes(hashed) + until)
    letter = Letter(revision.email, revision.family, revision.number)
    with passing(Conflict):  # asked for within this hour already, from another link
        tokens = {CONFIRM: f"{world.base_url}/a/{token}"}
        send_letter(world, letter, contact, tokens, "immediate", f"moving {hashed} {now // HOUR_MS}")
