"""Many contacts in one call: each item by itself, in their order, with a result of its own.

With an Idempotency-Key each item is done once. The key's claim says which body it was used for and, once that is done,
what came of each item; a call that died in the middle is taken over after a while, and each contact's own mark tells
which items had been done (`model/importing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from chalicelib.model.claim import KEPT_MS, LEASE_MS, Claim, Outcome, Result
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound, TooLarge
from chalicelib.model.importing import Mark
from chalicelib.work import contacts
from chalicelib.work.addresses import address_hash, normalised
from chalicelib.work.read_once import ReadOnce
from chalicelib.work.world import World

Deed = Literal["upsert", "create", "update", "delete"]
MOST = 100
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
RESERVE_MS = 3_000
# Changes of what a contact has already.
ADDED = ("add_tags", "remove_tags", "add_points")


class Unfinished(Fault):
    """The time was up before this item's turn."""

    code = "unfinished"


@dataclass(frozen=True, slots=True)
class Item:
    """`given` is what `contacts.create` takes, or `contacts.update`; `contact` (an id or an address) and `version` say
    whom an update or a deletion means.
    """

    deed: Deed
    given: Mapping[str, Any]
    contact: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item: the contact as it is then, or the fault."""

    outcome: Outcome
    contact: Contact | None = None
    fault: Fault | None = None


def apply(world: World, items: Sequence[Item | Fault], key: str | None = None, digest: str = "") -> list[Done]:
    """A result for each item, in their order; what could not be read comes as its fault. `digest` is the body's.

    Raises TooLarge and Invalid (no items), and Conflict where the key was used for another body, or is being used.
    """
    if not items:
        raise Invalid("contacts", [], f"Give 1 to {MOST} contacts.")
    if len(items) > MOST:
        hint = f"At most {MOST} in a call; a file of any size goes to /v1/imports."
        raise TooLarge(f"These are {len(items)} contacts.", field="contacts", hint=hint)
    if key is None:
        frugal = _frugal(world)
        return [_done(frugal, item, None) for item in items]
    claim = _claimed(world, world.signer.hashed("bulk", key), digest)
    if claim.done:
        return _repeated(world, claim)
    frugal = _frugal(world)
    done = [_done(frugal, item, Mark(claim.source, line)) for line, item in enumerate(items, 1)]
    if not any(isinstance(each.fault, Unfinished) for each in done):
        results = tuple(map(_result, done))
        world.claims.update(replace(claim, done=True, results=results, version=claim.version + 1), claim.version)
    return done


def _frugal(world: World) -> World:
    """What all items are judged by is read once."""
    return replace(world, definitions=ReadOnce(world.definitions))


def _claimed(world: World, claim_id: str, digest: str) -> Claim:
    """The claim, ours to work on or done."""
    now = world.now()
    fresh = Claim(claim_id, digest, world.new_id(), now + KEPT_MS, now + LEASE_MS)
    if world.claims.create(fresh):
        return fresh
    standing = world.claims.read(claim_id) or fresh
    if standing.expires_at <= now:
        return _taken(world, standing, fresh)
    fresh = replace(fresh, source=standing.source)
    if standing.body != digest:
        raise Conflict(
            "This Idempotency-Key was used for another request.",
            field="Idempotency-Key",
            hint="Use a new key for a new request.",
        )
    return standing if standing.done else _taken(world, standing, fresh)


def _taken(world: World, standing: Claim, fresh: Claim) -> Claim:
    after = replace(fresh, version=standing.version + 1)
    if standing.lease_until > world.now() or not world.claims.update(after, standing.version):
        hint = f"Repeat it in {LEASE_MS // 1_000} seconds: it goes on where it stood, and nothing is done twice."
        raise Conflict("A request with this Idempotency-Key is under way.", field="Idempotency-Key", hint=hint)
    return after


def _done(world: World, item: Item | Fault, mark: Mark | None) -> Done:
    if isinstance(item, Fault):
        return Done("failed", fault=item)
    try:
        if world.time_left() < RESERVE_MS:
            raise Unfinished("The time was up before this item.", hint="Send it again.")
        return DEEDS[item.deed](world, item, mark)
    except Fault as fault:
        return Done("failed", fault=fault)


def _created(world: World, item: Item, mark: Mark | None) -> Done:
    before = _standing(world, str(item.given.get("address", "")))
    if before is not None and mark is not None and (kind := mark.kind_on(before.imported)):
        return Done(cast(Outcome, kind), before)  # its own marks alone, and none of them skips
    return Done("created", contacts.create(world, **_beginning(item.given), mark=mark))


def _beginning(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new contact begins with, where changes are given."""
    own = {name: value for name, value in given.items() if name not in ADDED}
    tags = [
        each
        for each in (*given.get("tags", ()), *given.get("add_tags", ()))
        if each not in given.get("remove_tags", ())
    ]
    return own | {"tags": tags, "points": given.get("points", 0) + given.get("add_points", 0)}


def _upserted(world: World, item: Item, mark: Mark | None) -> Done:
    before = _standing(world, str(item.given.get("address", "")))
    if before is None:
        return _created(world, item, mark)
    return _changed(world, before, item.given, None, mark)


def _updated(world: World, item: Item, mark: Mark | None) -> Done:
    before = contacts.read(world, item.contact)
    return _changed(world, before, item.given, item.version, mark)


def _changed(world: World, before: Contact, given: Mapping[str, Any], version: int | None, mark: Mark | None) -> Done:
    if mark is not None and (kind := mark.kind_on(before.imported)):
        return Done(cast(Outcome, kind), before)  # its own marks alone, and none of them skips
    after = contacts.update(world, before.id, given, version, mark=mark)
    return Done("unchanged" if after.version == before.version else "updated", after)


def _deleted(world: World, item: Item, mark: Mark | None) -> Done:
    """Under a key whoever is gone already may have been deleted by a first try."""
    try:
        contacts.delete(world, item.contact, item.version)
    except NotFound:
        if mark is None:
            raise
    return Done("deleted")


DEEDS = {"create": _created, "upsert": _upserted, "update": _updated, "delete": _deleted}


def _standing(world: World, address: str) -> Contact | None:
    holder = world.contacts.by_address(address_hash(world, normalised(address)))
    return world.contacts.read(holder) if holder else None


def _result(done: Done) -> Result:
    fault = done.fault
    if fault is not None:
        return Result("failed", "", fault.code, fault.field or "")
    return Result(done.outcome, done.contact.id if done.contact else "")


def _repeated(world: World, claim: Claim) -> list[Done]:
    """What the first answer said, of the contacts as they are now."""
    known = world.contacts.read_many([each.contact for each in claim.results if each.contact])
    return [_retold(each, known) for each in claim.results]


def _retold(result: Result, known: Mapping[str, Contact]) -> Done:
    if result.outcome == "failed":
        fault = Fault(
            "It was refused, as the first answer with this Idempotency-Key said.",
            field=result.field or None,
            hint="Mend it and send it under a new key.",
        )
        fault.code = result.code
        return Done("failed", fault=fault)
    return Done(result.outcome, known.get(result.contact))
