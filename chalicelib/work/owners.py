"""Owners: the colleagues who look after contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.ids import is_id
from chalicelib.model.line import line, lines
from chalicelib.model.owner import Owner
from chalicelib.work import keeping
from chalicelib.work.addresses import normalised
from chalicelib.work.world import World

MAX_NAME = 100
MAX_SIGNATURE = 1_000
# All of them are read where one is looked for by address.
MAX_OWNERS = 500


def create(world: World, given: Mapping[str, object]) -> Owner:
    """An owner of `address` and any other of CHECKS. Raises Invalid, and Conflict where an owner has this address."""
    if "address" not in given:
        raise Invalid("address", None, "This field is needed.")
    wanted = keeping.checked(world, CHECKS, given)
    others = list(keeping.every(world.owners))
    if len(others) >= MAX_OWNERS:
        raise Conflict(f"There are {MAX_OWNERS} owners already.", hint="Delete one that nobody needs.")
    _free(others, wanted["address"])
    now = world.now()
    return keeping.created(world.owners, Owner(world.new_id(), **wanted, created_at=now, updated_at=now))


def read(world: World, owner_id: str) -> Owner:
    return keeping.found(world.owners, "owner", owner_id)


def update(world: World, owner_id: str, changes: Mapping[str, object], expected_version: int | None = None) -> Owner:
    """Raises NotFound, Invalid, and Conflict: another version, or another owner's address."""
    before = read(world, owner_id)
    keeping.expect(before, expected_version)
    wanted = keeping.checked(world, CHECKS, changes)
    if wanted.get("address", before.address) != before.address:
        _free(keeping.every(world.owners), wanted["address"])
    return keeping.changed(world, world.owners, before, replace(before, **wanted))


def delete(world: World, owner_id: str) -> None:
    """Contacts may still name the owner: they then have none. What belongs to an owner is empty in their letters."""
    keeping.deleted(world.owners, read(world, owner_id))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Owner], str | None]:
    return world.owners.page(limit, cursor)


def by_address(world: World) -> dict[str, str]:
    """The ids of all owners by address."""
    return {each.address: each.id for each in keeping.every(world.owners)}


def named(world: World, value: object) -> str:
    """The id of an owner that there is; "" for none. Invalid names `owner_id`."""
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not is_id(value) or world.owners.read(value) is None:
        raise Invalid("owner_id", value, "Give the id of an owner (GET /v1/owners), or null for none.")
    return value


def _free(others: Iterable[Owner], address: str) -> None:
    for other in others:
        if other.address == address:
            hint = f"Change that one: PATCH /v1/owners/{other.id}."
            raise Conflict(f"{address} is the address of the owner {other.id}.", field="address", hint=hint)


def _address(_world: World, value: object) -> str:
    if not isinstance(value, str):
        raise Invalid("address", value, "Give one address such as ann@example.com.")
    return normalised(value)


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "address": _address,
        "first_name": lambda _world, value: line(value, "first_name", MAX_NAME),
        "last_name": lambda _world, value: line(value, "last_name", MAX_NAME),
        "position": lambda _world, value: line(value, "position", MAX_NAME),
        "signature": lambda _world, value: lines(value, "signature", MAX_SIGNATURE),
    }
)
