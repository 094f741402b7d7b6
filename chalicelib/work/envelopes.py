"""One copy of a revision for one contact, ready to go out: its token, and its values in their places."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.addressee import Addressee
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Tracked
from chalicelib.work.world import World

NONE: Mapping[str, str] = {}


def envelope(
    world: World, revision: Revision, to: Addressee, key: MessageKey, attempt: str, tokens: Mapping[str, str] = NONE
) -> Envelope:
    """`tokens` are the per-send values of a template e-mail."""
    token = world.signer.token(Tracked(key, revision.email, revision.number))
    return Envelope(key, to.contact.address, attempt, token, values(revision, to, token, world.signer, tokens))
