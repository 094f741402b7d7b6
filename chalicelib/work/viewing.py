"""The web version: the letter as this recipient got it, made again from the immutable revision as of its sending."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.compose.letter import web_page
from chalicelib.compose.personalise import values
from chalicelib.compose.untracked import for_contact
from chalicelib.model.token import Tracked
from chalicelib.work.addressees import addressees
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World


def web_version_of(world: World, tracked: Tracked, token: str) -> str | None:
    """HTML without a pixel; None where the contact, the revision or a template e-mail's own tokens are gone."""
    revision = world.revisions.read(tracked.email, tracked.revision)
    contact = survivor(world, tracked.message.contact)
    message = world.messages.read(tracked.message)
    if revision is None or contact is None or (tracked.message.sending and message is None):
        return None
    tokens = dict(message.tokens) if message is not None else {}
    revision = for_contact(revision, tracking=contact.tracking)
    [to] = addressees(world, revision, [contact])
    if message is not None:
        to = replace(to, now=message.at)
    return web_page(revision, values(revision, to, token, world.signer, tokens))
