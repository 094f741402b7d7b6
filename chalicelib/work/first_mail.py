"""A first mail of one's own, made of what the person types: a list with them in it, and a letter to it."""

from __future__ import annotations

from contextlib import suppress

from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.line import line, lines
from chalicelib.work import belonging, contacts, emails, segments, workspaces
from chalicelib.work.world import World

MAX_SUBJECT = 200
MAX_TEXT = 5_000


def audience(world: World, address: str, name: str) -> str:
    """The id of a new list of this name with this person alone in it, who agrees to it by typing their own address.
    Raises Invalid.
    """
    with suppress(Conflict):  # they are a contact already
        contacts.create(world, address, consent=True)
    person = contacts.read(world, address.strip().lower())
    segment = segments.create(world, name)
    belonging.put_member(world, segment.id, person.id)
    return segment.id


def letter(world: World, segment: str, subject: str, text: str) -> Email:
    """Published, in the theme of plain letters; a line that is empty begins a paragraph. Raises Invalid, and Conflict
    where the workspace names no sender.
    """
    workspace = workspaces.read(world)
    if not workspace.from_address:
        raise Conflict("The workspace has no sender yet.", hint="An admin gives one in the settings.")
    subject, text = line(subject, "subject", MAX_SUBJECT, needed=True), lines(text, "text", MAX_TEXT)
    paragraphs = [each.replace("\n", " ").strip() for each in text.split("\n\n") if each.strip()]
    if not paragraphs:
        raise Invalid("text", text, "Write a few words.")
    written = {"paragraphs": paragraphs, "sender": world.actor.name, "company": workspace.name, "preheader": subject}
    draft, _ = emails.begun(
        world,
        {
            "kind": "segment",
            "name": subject,
            "subject": subject,
            "from_address": workspace.from_address,
            "from_name": workspace.name,
            "segments": [segment],
            "theme": "letter",
            "values": written,
        },
    )
    made = emails.create(world, draft)
    return emails.publish(world, made.id).email
