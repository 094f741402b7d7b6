"""Signing in to the console, and what proves it from then on.

A session's cookie and a sign-in link are signed notes that name a stored row: a link works once, signing out ends the
row, and the role is read anew with each request.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.model import ids
from chalicelib.model.actor import Actor
from chalicelib.model.errors import Fault
from chalicelib.model.member import Member
from chalicelib.model.session import Session, SessionKind
from chalicelib.model.token import CHANGE, SESSION, SIGNING_IN
from chalicelib.work import api_keys, members
from chalicelib.work.world import World

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
SESSION_MS = 7 * 24 * HOUR_MS
LINK_MS = 30 * MINUTE_MS
# Letters to one member in an hour.
MOST_LETTERS = 5

Settings = Mapping[str, Actor]


class Crowded(Fault):
    """This member has been sent as many links in this hour as anybody needs."""

    code = "too_many"


@dataclass(frozen=True, slots=True)
class Drawer:
    """Where a browser keeps what somebody typed and could not save: `owner` tells theirs from others', and `key` (32
    bytes, base64) seals it, so that the next person at the same computer reads nothing of it.
    """

    owner: str
    key: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A session under way and who it is of, with the role that they have now."""

    session: Session
    actor: Actor


def link(world: World, member: Member, valid_ms: int = LINK_MS) -> str:
    """The token of a link that signs this member in, once."""
    made = _made(world, "link", members.actor_of(member), valid_ms)
    return world.signer.note(SIGNING_IN, ids.to_bytes(made.id))


def count_letter(world: World, member: Member, ask_id: str) -> None:
    """Raises Crowded where this asking, or this hour, has had its letters."""
    hour, now = world.now() // HOUR_MS, world.now()
    if not world.sessions.create(Session(ask_id, "asked", "system", world.new_id(), now, now + 2 * HOUR_MS)):
        raise Crowded("This question has been answered.", hint="Use the link that was sent.")
    for number in range(MOST_LETTERS):
        identifier = world.signer.hashed("sign-in letter", f"{member.id} {hour} {number}")
        # the id of its own tells two of one moment apart
        if world.sessions.create(Session(identifier, "asked", "system", world.new_id(), now, now + 2 * HOUR_MS)):
            return
    raise Crowded("This member has been sent enough links for this hour.", hint="Use the last one, or wait.")


def enter(world: World, token: str) -> Signed | None:
    """A session by a link, which is used up; None for a link that is none, was used, came too late, or whose member is
    gone.
    """
    row = _noted(world, SIGNING_IN, token, "link")
    if row is None or not world.sessions.end(row.id):
        return None
    actor = _actor(world, row, {})
    return None if actor is None else Signed(begin(world, actor), actor)


def begin(world: World, actor: Actor) -> Session:
    return _made(world, "session", actor, SESSION_MS)


def cookie(world: World, session: Session) -> str:
    return world.signer.note(SESSION, ids.to_bytes(session.id))


def signed(world: World, cookie: str, settings: Settings) -> Signed | None:
    """Who has this cookie; None where it is none of ours, has ended, or its member or key is gone."""
    session = _noted(world, SESSION, cookie, "session")
    actor = None if session is None else _actor(world, session, settings)
    return None if session is None or actor is None else Signed(session, actor)


def sign_out(world: World, session: Session) -> None:
    world.sessions.end(session.id)


def change_token(world: World, session: Session) -> str:
    """What each form of this session carries; another text each time (BREACH)."""
    return world.signer.note(CHANGE, ids.to_bytes(session.id) + ids.to_bytes(world.new_id()))


def is_change_token(world: World, session: Session, token: str) -> bool:
    said = world.signer.noted(CHANGE, token, 2 * ids.ID_BYTES)
    return said is not None and ids.from_bytes(said[: ids.ID_BYTES]) == session.id


def drawer(world: World, actor: Actor) -> Drawer:
    """The same in each session of theirs."""
    who = f"{actor.kind} {actor.id}"
    key = base64.b64encode(world.signer.derived("draft key", who)).decode()
    return Drawer(world.signer.hashed("draft owner", who), key)


def _made(world: World, kind: SessionKind, actor: Actor, valid_ms: int) -> Session:
    now = world.now()
    session = Session(world.new_id(), kind, actor.kind, actor.id, now, now + valid_ms)
    world.sessions.create(session)
    return session


def _noted(world: World, purpose: int, token: str, kind: SessionKind) -> Session | None:
    said = world.signer.noted(purpose, token, ids.ID_BYTES)
    row = None if said is None else world.sessions.read(ids.from_bytes(said))
    return row if row is not None and row.kind == kind and row.expires_at > world.now() else None


def _actor(world: World, session: Session, settings: Settings) -> Actor | None:
    if session.actor_kind == "setting":
        return settings.get(session.actor)
    if session.actor_kind == "member":
        member = world.members.read(session.actor)
        # one of this address who was removed and made anew has the same id, and signs in anew
        return None if member is None or member.created_at > session.created_at else members.actor_of(member)
    key = world.api_keys.read(session.actor)
    return None if key is None else api_keys.actor_of(key)
