"""Members: who of the team may sign in, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.actor import Actor
from chalicelib.model.errors import Conflict, Forbidden, Invalid
from chalicelib.model.line import line
from chalicelib.model.member import Member
from chalicelib.model.role import ROLES, Role
from chalicelib.work import keeping
from chalicelib.work.addresses import normalised
from chalicelib.work.world import World

MAX_NAME = 100


def create(world: World, given: Mapping[str, object]) -> Member:
    """A member of `address` and any other of CHECKS. Raises Invalid, Forbidden, and Conflict where there is one of this
    address.
    """
    if "address" not in given:
        raise Invalid("address", None, "This field is needed.")
    address = _address(given["address"])
    wanted = keeping.checked(world, CHECKS, {name: value for name, value in given.items() if name != "address"})
    now = world.now()
    member = Member(identifier(world, address), address, **wanted, created_at=now, updated_at=now)
    if world.members.read(member.id) is not None or not world.members.create(member):
        hint = f"Change that one: PATCH /v1/members/{member.id}."
        raise Conflict(f"{address} is a member already.", field="address", hint=hint)
    return member


def read(world: World, member_id: str) -> Member:
    return keeping.found(world.members, "member", member_id)


def update(world: World, member_id: str, changes: Mapping[str, object], expected_version: int | None = None) -> Member:
    """Raises NotFound, Invalid, Forbidden, and Conflict: another version, one's own role, or the last admin's."""
    before = read(world, member_id)
    keeping.expect(before, expected_version)
    wanted = keeping.checked(world, CHECKS, changes)
    if wanted.get("role", before.role) != before.role:
        _refuse_oneself(world, before, "role")
    after = replace(before, **wanted)
    beside = None if after.role == "admin" else _staying(world, before, "role")
    return keeping.changed(world, world.members, before, after, beside)


def delete(world: World, member_id: str) -> Member:
    """Their sessions end with the next thing that they do. Raises NotFound, Forbidden, and Conflict: oneself, or the
    last admin.
    """
    member = read(world, member_id)
    _refuse_oneself(world, member, "id")
    return keeping.deleted(world.members, member, _staying(world, member, "id"))


def admin(world: World, but: str = "") -> Member | None:
    """A member who is an admin, and not the one of this id."""
    return next((each for each in keeping.every(world.members) if each.role == "admin" and each.id != but), None)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Member], str | None]:
    return world.members.page(limit, cursor)


def by_address(world: World, address: str) -> Member | None:
    """None for what is no address, too."""
    try:
        return world.members.read(identifier(world, normalised(address)))
    except Invalid:
        return None


def identifier(world: World, address: str) -> str:
    return world.signer.hashed("member", address)


def actor_of(member: Member) -> Actor:
    return Actor("member", member.id, member.called, member.role)


def role(value: object) -> Role:
    for known in ROLES:
        if value == known:
            return known
    raise Invalid("role", value, f"Give one of {', '.join(ROLES)}.")


def _refuse_oneself(world: World, member: Member, field: str) -> None:
    """So that nobody locks themself out."""
    if world.actor.kind == "member" and world.actor.id == member.id:
        raise Conflict("This is your own membership.", field=field, hint="Another admin can change or end it.")


def _staying(world: World, leaving: Member, field: str) -> Member | None:
    """The admin beside whom this one can go: whoever asks, so that of two who remove each other one stays; for a key
    any other. None where no admin goes.
    """
    if leaving.role != "admin":
        return None
    if world.actor.kind == "member":
        return _asking(world)
    other = admin(world, but=leaving.id)
    if other is None:
        raise Conflict(f"{leaving.called} is the last admin.", field=field, hint="Make another member an admin first.")
    return other


def _asking(world: World) -> Member:
    """The admin who asks, read again: they may have been one when they came, and not be one now."""
    own = world.members.read(world.actor.id)
    if own is None or own.role != "admin":
        raise Forbidden("You are no admin any more.", hint="Ask an admin of the workspace for the role admin.")
    return own


def _address(value: object) -> str:
    if not isinstance(value, str):
        raise Invalid("address", value, "Give one address such as ann@example.com.")
    return normalised(value)


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "name": lambda _world, value: line(value, "name", MAX_NAME),
        "role": lambda _world, value: role(value),
    }
)
