"""`/v1/owners`: the colleagues who look after contacts."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.owner import Owner
from chalicelib.work import owners

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    first_name: str = ""
    last_name: str = ""
    position: str = ""
    signature: str = ""


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """With `version` the change is refused where it is another by now."""

    address: str | UnsetType = UNSET
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    position: str | UnsetType = UNSET
    signature: str | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/owners")
def create(call: Call) -> Response:
    return answer(shown(owners.create(call.world, msgspec.structs.asdict(call.decoded(New)))), 201)


@route(blueprint, "GET", "/owners")
def index(call: Call) -> object:
    items, cursor = owners.page(call.world, call.limit, call.cursor)
    return page([shown(owner) for owner in items], cursor)


@route(blueprint, "GET", "/owners/{owner_id}")
def read(call: Call, owner_id: str) -> object:
    return shown(owners.read(call.world, owner_id))


@route(blueprint, "PATCH", "/owners/{owner_id}")
def update(call: Call, owner_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(owners.update(call.world, owner_id, changes, version))


@route(blueprint, "DELETE", "/owners/{owner_id}")
def delete(call: Call, owner_id: str) -> Response:
    """Contacts that still name the owner have none from then on."""
    owners.delete(call.world, owner_id)
    return empty()


def shown(owner: Owner) -> dict[str, Any]:
    return {
        "id": owner.id,
        "address": owner.address,
        "first_name": owner.first_name,
        "last_name": owner.last_name,
        "position": owner.position,
        "signature": owner.signature,
        "version": owner.version,
        "created_at": iso(owner.created_at),
        "updated_at": iso(owner.updated_at),
    }
