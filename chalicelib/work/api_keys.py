"""Keys of the API that the team makes: shown once, kept as a digest, each with a role."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace

from chalicelib.model.actor import Actor
from chalicelib.model.api_key import ApiKey
from chalicelib.model.ids import ID
from chalicelib.model.line import line
from chalicelib.work import keeping
from chalicelib.work.members import role
from chalicelib.work.world import World

MAX_NAME = 100
SECRET_BYTES = 24
FORM = re.compile(rf"envoi_({ID.pattern})_[A-Za-z0-9_-]{{32}}")


def create(world: World, name: object, wanted: object) -> tuple[ApiKey, str]:
    """The key as it is kept, and its text, which nobody can read again. Raises Invalid, Forbidden."""
    now, identifier = world.now(), world.new_id()
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
    return keeping.created(world.api_keys, key), text


def rename(world: World, key_id: str, name: object) -> ApiKey:
    before = read(world, key_id)
    return keeping.changed(
        world, world.api_keys, before, replace(before, name=line(name, "name", MAX_NAME, needed=True))
    )


def read(world: World, key_id: str) -> ApiKey:
    return keeping.found(world.api_keys, "key", key_id)


def delete(world: World, key_id: str) -> None:
    """It opens nothing from then on."""
    keeping.deleted(world.api_keys, read(world, key_id))


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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
