"""The audit log: each change that a member or a key made."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.model.audit import AuditEntry
from chalicelib.model.errors import Invalid
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.permitting import require
from chalicelib.work.world import World

MAX_CHANGED = 50
MAX_THING = 200


def note(world: World, deed: str, thing: str = "", changed: Iterable[str] = ()) -> None:
    """`deed` as `emails.publish`; `changed` are names of fields, without their values."""
    actor = world.actor
    entry = AuditEntry(
        id=world.new_id(),
        at=world.now(),
        actor_kind=actor.kind,
        actor=actor.id,
        actor_name=actor.name,
        deed=deed,
        thing=" ".join(_nameless(world, each) for each in thing.split())[:MAX_THING],
        changed=tuple(sorted(changed))[:MAX_CHANGED],
    )
    world.audit.add(entry)


def _nameless(world: World, thing: str) -> str:
    """An address as its keyed hash: the log is kept longer than anybody whom it names."""
    if "@" not in thing:
        return thing
    try:
        return address_hash(world, normalised(thing))
    except Invalid:
        return "?"


def page(world: World, limit: int, cursor: str | None) -> tuple[list[AuditEntry], str | None]:
    """The newest first; for admins. Raises Forbidden."""
    require(world, "admin")
    return world.audit.page(limit, cursor)
