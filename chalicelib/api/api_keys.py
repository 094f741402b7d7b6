"""`/v1/keys`: keys of the API, each with a role. Those of the deployment's settings are not among them."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.api_key import ApiKey
from chalicelib.work import api_keys

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    role: str = "viewer"


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    name: str


@route(blueprint, "POST", "/keys")
def create(call: Call) -> Response:
    """`key` is its text: this answer is the only one that has it."""
    given = call.decoded(New)
    key, text = api_keys.create(call.world, given.name, given.role)
    return answer(shown(key) | {"key": text}, 201)


@route(blueprint, "GET", "/keys")
def index(call: Call) -> object:
    items, cursor = api_keys.page(call.world, call.limit, call.cursor)
    return page([shown(key) for key in items], cursor)


@route(blueprint, "PATCH", "/keys/{key_id}")
def rename(call: Call, key_id: str) -> object:
    return shown(api_keys.rename(call.world, key_id, call.decoded(Changes).name))


@route(blueprint, "DELETE", "/keys/{key_id}")
def delete(call: Call, key_id: str) -> Response:
    api_keys.delete(call.world, key_id)
    return empty()


def shown(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "role": key.role,
        "maker": key.maker,
        "version": key.version,
        "created_at": iso(key.created_at),
    }
