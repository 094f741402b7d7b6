"""Keys of the API that the team makes: shown once, kept as a digest, each with a role."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace

from chalicelib.model.actor import Actor
from chalicelib.model.api_key import ApiKey
from chalicelib.model.errors import Conflict
from chalicelib.model.ids import ID
from chalicelib.model.line import line
from chalicelib.work import keeping, members
from chalicelib.work.members import role
from chalicelib.work.world import World

MAX_NAME = 100
SECRET_BYTES = 24
FORM = re.compile(rf"envoi_({ID.pattern})_[A-Za-z0-9_-]{{32}}")


def create(world: World, name: object, wanted: object, once: str = "") -> tuple[ApiKey, str]:
    """The key as it is kept, and its text, which nobody can read again. `once` is the id that it is to have, so that
    asking again makes no other. Raises Invalid, Forbidden, and Conflict: asked again.
    """
    now, identifier = world.now(), once or world.new_id()
    text = f"envoi_{identifier}_{secrets.token_urlsafe(SECRET_BYTES)}"
    key = ApiKey(
        identifier,
        line(name, "name", MAX_NAME, needed=True),
        role(wanted),
        _digest(text),
        maker=world.actor.name,
        created_at=now,
        updated_at=now,
    )
    if not world.api_keys.create(key):
        hint = "Its text was shown then, and is kept nowhere: where it is lost, revoke it and make another."
        raise Conflict("This key was made already.", field="name", hint=hint)
    return key, text


def rename(world: World, key_id: str, name: object) -> ApiKey:
    before = read(world, key_id)
    return keeping.changed(
        world, world.api_keys, before, replace(before, name=line(name, "name", MAX_NAME, needed=True))
    )


def read(world: World, key_id: str) -> ApiKey:
    return keeping.found(world.api_keys, "key", key_id)


def delete(world: World, key_id: str) -> ApiKey:
    """It opens nothing from then on. Raises NotFound, Forbidden, and Conflict: the last admin of all."""
    key = read(world, key_id)
    return keeping.deleted(world.api_keys, key, _staying(world, key))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[ApiKey], str | None]:
    return world.api_keys.page(limit, cursor)


def known(world: World, text: str) -> Actor | None:
    """Who comes with this key; None where it is none of ours."""
    found = FORM.fullmatch(text)
    key = world.api_keys.read(found[1]) if found else None
    if key is None or not hmac.compare_digest(key.digest, _digest(text)):
        return None
    return actor_of(key)


def actor_of(key: ApiKey) -> Actor:
    return Actor("key", key.id, key.name, key.role)


def _staying(world: World, leaving: ApiKey) -> ApiKey | None:
    """The key beside which this one can go, where keys alone are admins. None where an admin stays anyway: a member
    (once there is one who is an admin, one stays), or a key of the settings, which asks.
    """
    if leaving.role != "admin" or world.actor.kind != "key" or members.admin(world) is not None:
        return None
    others = [each for each in keeping.every(world.api_keys) if each.role == "admin" and each.id != leaving.id]
    if not others:
        hint = "Make a member an admin first."
        raise Conflict(f"{leaving.name} is the last key of an admin, and no member is one.", field="id", hint=hint)
    return next((each for each in others if each.id == world.actor.id), others[0])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
