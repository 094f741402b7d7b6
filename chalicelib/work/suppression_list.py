"""The list of suppressions, as a team sees and keeps it. Addresses are there as keyed hashes alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from chalicelib.model.address_record import AddressRecord, recent_bounces, with_lifted
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.suppression import OF_MAILBOXES, STRENGTH, Reason, Suppression
from chalicelib.model.workspace import Workspace
from chalicelib.work import workspaces
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.suppressing import PERSONAL, beneath_of, suppress
from chalicelib.work.world import World

OPERATOR = "operator"
TRIES = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known of an address: `beneath` is what a person's own word covers. `soft_bounces` count now, of the
    `workspace`'s so many in so many days.
    """

    record: AddressRecord
    suppression: Suppression | None
    beneath: Suppression | None
    soft_bounces: int
    workspace: Workspace


def hash_of(world: World, typed: str) -> str:
    """Of an address, or a hash of the list as it is. Invalid where it is neither."""
    return typed if is_id(typed) else address_hash(world, normalised(typed, "address"))


def read(world: World, typed: str) -> Standing:
    hashed = hash_of(world, typed)
    found = world.suppressions.read_many([hashed, beneath_of(hashed)])
    record, space = world.suppressions.record(hashed), workspaces.read(world)
    recent = recent_bounces(record, world.now(), space.soft_bounce_days)
    return Standing(record, found.get(hashed), found.get(beneath_of(hashed)), recent, space)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Suppression], str | None]:
    return world.suppressions.page(limit, cursor)


def put(world: World, typed: str, reason: str) -> Standing:
    """By the operator's word. A stronger reason that stands already stays.

    A bounce or a complaint goes on the provider's list too, where the address itself is given.
    """
    if reason not in STRENGTH:
        raise Invalid("reason", reason, f"It is one of {', '.join(STRENGTH)}.")
    named = cast(Reason, reason)
    suppress(world, Suppression(hash_of(world, typed), named, OPERATOR, world.now()))
    if named in OF_MAILBOXES and not is_id(typed):
        world.account_list.put(normalised(typed, "address"), named)
    return read(world, typed)


def lift(world: World, typed: str, *, force: bool = False) -> None:
    """Takes the address off the list, and off the provider's where the address itself is given. The record keeps what
    stood, and soft bounces count from now on.

    Raises NotFound, and Conflict for a person's own word without `force`.
    """
    standing = read(world, typed)
    if standing.suppression is None:
        raise NotFound("This address is not suppressed.", field="address")
    if standing.suppression.reason == PERSONAL and not force:
        raise Conflict(
            "This person unsubscribed.",
            field="address",
            hint='Only they can take that back, by a link in a mail. Where they asked you to: {"force": true}.',
        )
    stood = [each for each in (standing.suppression, standing.beneath) if each is not None]
    _keep(world, standing.record.address_hash, stood)
    for each in reversed(stood):
        world.suppressions.remove(each.address_hash, each.reason)
    world.contacts.exhume(standing.record.address_hash)
    if not is_id(typed):
        world.account_list.remove(normalised(typed, "address"))


def _keep(world: World, hashed: str, stood: list[Suppression]) -> None:
    """The record first: a crash behind it has kept what still stands, and the next try lifts it."""
    for _ in range(TRIES):
        before = world.suppressions.record(hashed)
        if world.suppressions.write_record(with_lifted(before, stood, world.now()), before.version):
            return
    raise Conflict("The record of this address is changing too fast.", hint="Try again in a moment.")
