"""`/v1/categories`: kinds of e-mails, which people can leave one by one."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.category import Category
from chalicelib.work import categories

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    """`names` are what recipients read, by language."""

    name: str
    names: dict[str, str] = {}
    public: bool = True


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """With `version` the change is refused where it is another by now."""

    name: str | UnsetType = UNSET
    names: dict[str, str] | UnsetType = UNSET
    public: bool | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/categories")
def create(call: Call) -> Response:
    return answer(shown(categories.create(call.world, msgspec.structs.asdict(call.decoded(New)))), 201)


@route(blueprint, "GET", "/categories")
def index(call: Call) -> object:
    items, cursor = categories.page(call.world, call.limit, call.cursor)
    return page([shown(each) for each in items], cursor)


@route(blueprint, "GET", "/categories/{category_id}")
def read(call: Call, category_id: str) -> object:
    return shown(categories.read(call.world, category_id))


@route(blueprint, "PATCH", "/categories/{category_id}")
def update(call: Call, category_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(categories.update(call.world, category_id, changes, version))


@route(blueprint, "DELETE", "/categories/{category_id}")
def delete(call: Call, category_id: str) -> Response:
    categories.delete(call.world, category_id)
    return empty()


def shown(category: Category) -> dict[str, Any]:
    return {
        "id": category.id,
        "name": category.name,
        "names": dict(category.names),
        "public": category.public,
        "version": category.version,
        "created_at": iso(category.created_at),
        "updated_at": iso(category.updated_at),
    }
