"""`/v1/contacts/bulk`: up to a hundred contacts in a call, each with a result of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, Literal

import msgspec
from chalice import Blueprint
from msgspec import UNSET

from chalicelib.api.answers import error_of, status_of
from chalicelib.api.bodies import converted
from chalicelib.api.contacts import Changes, shown
from chalicelib.api.messages import idempotency_key
from chalicelib.api.routes import Call, route
from chalicelib.model.errors import Fault, Invalid
from chalicelib.work import bulk
from chalicelib.work.bulk import Deed, Done, Item

blueprint = Blueprint(__name__)

STATUS = {"created": 201, "updated": 200, "unchanged": 200, "deleted": 204}
UNFINISHED = 503


class Many(msgspec.Struct, forbid_unknown_fields=True):
    contacts: list[Any]


class Wanted(Changes):
    """`do` upsert or create: the contact of an `address`. `do` update or delete: the `contact` of an id or an address,
    with `version` only where that is its own still. All else as in `/v1/contacts`.
    """

    do: Literal["upsert", "create", "update", "delete"] = "upsert"
    contact: str = ""


@route(blueprint, "POST", "/contacts/bulk")
def many(call: Call) -> object:
    """200 whatever became of the single ones: each has a `status` as it would have had alone. With an
    `Idempotency-Key` each is done once, and a repetition answers what the first one did, for a day.
    """
    items = [_read(each) for each in call.decoded(Many).contacts]
    done = bulk.apply(call.world, items, idempotency_key(call), hashlib.sha256(call.body).hexdigest())
    counts = Counter(each.outcome for each in done)
    sums: dict[str, Any] = {name: counts[name] for name in bulk.OUTCOMES}
    return {"items": [_result(index, each) for index, each in enumerate(done)]} | sums


def _read(value: object) -> Item | Fault:
    try:
        return _item(converted(value, Wanted))
    except Fault as fault:
        return fault


def _item(wanted: Wanted) -> Item:
    given = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not UNSET}
    deed: Deed = given.pop("do")
    contact, version = given.pop("contact"), given.pop("version")
    named = deed in ("update", "delete")
    if named != bool(contact):
        raise Invalid("contact", contact, _who(deed))
    if not named and "address" not in given:
        raise Invalid("address", None, "This field is needed.")
    if not named and (version is not None or "tracking" in given):
        field = "tracking" if "tracking" in given else "version"
        raise Invalid(field, given.get(field, version), f"To {deed} takes none: update the contact.")
    return Item(deed, given, contact, version)


def _who(deed: Deed) -> str:
    if deed in ("update", "delete"):
        return f"Name the contact to {deed} by id or address."
    return f"To {deed} takes an address; name a contact to update or delete it."


def _result(index: int, done: Done) -> dict[str, Any]:
    if done.fault is not None:
        status = UNFINISHED if isinstance(done.fault, bulk.Unfinished) else status_of(done.fault)
        return {"index": index, "outcome": done.outcome, "status": status, "error": error_of(done.fault)}
    contact = shown(done.contact) if done.contact else None
    return {"index": index, "outcome": done.outcome, "status": STATUS[done.outcome], "contact": contact}
