"""The letter with a link that signs a member in. Whether an address is a member's, nobody learns from the answer, nor
from how long it takes: all that the request does is to put the question on a queue.
"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote

from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.member import Member
from chalicelib.model.message import TEST
from chalicelib.work import built_in_letters, members, sessions, unlogged, workspaces
from chalicelib.work.addressees import addressees
from chalicelib.work.addresses import normalised
from chalicelib.work.built_in_letters import CONFIRM, From, Words
from chalicelib.work.world import World

TOKEN = "sign-in"  # noqa: S105  # it opens nothing: the letter is not tracked


def can_write(world: World) -> bool:
    """Whether the workspace has a sender for Envoi's own letters."""
    return bool(workspaces.read(world).from_address)


def ask(world: World, address: str, language: str, to: str = "") -> None:
    """A letter to the member of this address, if there is one, will be written in this language and lead on `to`."""
    with suppress(Invalid):
        member = members.identifier(world, normalised(address))
        world.hints.sign_in(member, language, world.new_id(), world.now(), to)


def write(world: World, member_id: str, ask_id: str, asked_at: int, words: Words, to: str = "") -> None:
    """At most one letter for each asking, not too many in an hour, and none that comes when its link would be over."""
    member = world.members.read(member_id)
    if member is None or not can_write(world) or world.now() > asked_at + sessions.LINK_MS:
        return
    with suppress(sessions.Crowded):
        sessions.count_letter(world, member, ask_id)
        _send(world, member, words, to)


def address_of(world: World, member: Member, valid_ms: int = sessions.LINK_MS) -> str:
    """Where this member signs in, once: to hand over in person, or to print."""
    return f"{world.base_url}/console/sign-in/{sessions.link(world, member, valid_ms)}"


def _send(world: World, member: Member, words: Words, to: str) -> None:
    sender = From(workspaces.read(world).from_address)
    revision = built_in_letters.revision(world, "signin", sender, words)
    [addressee] = addressees(world, revision, [Contact(TEST.contact, member.address, {})])
    further = f"?to={quote(to, safe='/')}" if to else ""
    filled = values(revision, addressee, TOKEN, world.signer, {CONFIRM: f"{address_of(world, member)}{further}"})
    unlogged.send(world, revision, Envelope(TEST, member.address, world.new_id(), TOKEN, filled))
