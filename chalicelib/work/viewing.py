"""The web version: the letter as this recipient got it, made of the immutable revision and what was kept of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.compose.as_sent import filled_again, was_tracked
from chalicelib.compose.letter import web_page
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Revision
from chalicelib.compose.untracked import for_contact
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.message import Message
from chalicelib.model.token import Tracked
from chalicelib.work.addressees import addressees
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World


@dataclass(frozen=True, slots=True)
class View:
    """HTML without a pixel; whether looking at it counts as an open: not for whoever wants no tracking, or is gone."""

    html: str
    counts: bool


def web_version_of(world: World, tracked: Tracked, token: str) -> View | None:
    """None where the revision, or a template e-mail's message, is gone.

    Once the contact is gone it is the letter without anything personal. Where nothing was kept of it (it was sent
    before letters were kept, in doubt, or not logged yet) it is made for the contact as it is now.
    """
    revision = world.revisions.read(tracked.email, tracked.revision)
    contact = survivor(world, tracked.message.contact)
    message = world.messages.read(tracked.message)
    if revision is None or (tracked.message.sending and message is None):
        return None
    if contact is None:
        return View(_impersonal(world, revision, token), counts=False)
    if message is not None and message.kept and _is_of(message, revision):
        revision = for_contact(revision, tracking=was_tracked(message.kept))
        html = web_page(revision, filled_again(revision, message.kept, token, world.signer))
    else:
        html = _made_now(world, revision, contact, message, token)
    return View(html, counts=contact.tracking)


def _is_of(message: Message, revision: Revision) -> bool:
    """Somebody may have got another letter of the family since: the row is then that one's."""
    return (message.email, message.revision) == (revision.email, revision.number)


def _made_now(world: World, revision: Revision, contact: Contact, message: Message | None, token: str) -> str:
    tokens = dict(message.tokens) if message is not None else {}
    revision = for_contact(revision, tracking=contact.tracking)
    [to] = addressees(world, revision, [contact])
    if message is not None:
        to = replace(to, now=message.at)
    return web_page(revision, values(revision, to, token, world.signer, tokens))


def _impersonal(world: World, revision: Revision, token: str) -> str:
    """What everybody's letter says: defaults, nothing sent along, links that lead where they lead."""
    revision = for_contact(revision, tracking=False)
    blank = {slot.name: "" for slot in revision.program.slots if slot.kind == "token"}
    nobody = Addressee(Contact("", ""), now=revision.published_at)
    return web_page(revision, values(revision, nobody, token, world.signer, blank))
