"""`/v1/fields`: what is known of custom fields. `{alias}` is the name by which contacts hold them."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.definition import Definition, FieldType
from chalicelib.work import definitions

blueprint = Blueprint(__name__)


class Choice(msgspec.Struct, forbid_unknown_fields=True):
    """Without a label the value is its own."""

    value: str
    label: str = ""


class New(msgspec.Struct, forbid_unknown_fields=True):
    """`default` is text, whatever the type: what a new contact's value is made of."""

    alias: str
    label: str
    type: FieldType = "text"
    choices: list[Choice] = []
    default: str = ""
    retired: bool = False


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`choices` are given whole. With `version` the change is refused where it is another by now."""

    label: str | UnsetType = UNSET
    type: FieldType | UnsetType = UNSET
    choices: list[Choice] | UnsetType = UNSET
    default: str | UnsetType = UNSET
    retired: bool | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/fields")
def create(call: Call) -> Response:
    given = _plain(msgspec.structs.asdict(call.decoded(New)))
    return answer(shown(definitions.create(call.world, given.pop("alias"), given)), 201)


@route(blueprint, "GET", "/fields")
def index(call: Call) -> object:
    items, cursor = definitions.page(call.world, call.limit, call.cursor)
    return page([shown(definition) for definition in items], cursor)


@route(blueprint, "GET", "/fields/{alias}")
def read(call: Call, alias: str) -> object:
    return shown(definitions.read(call.world, alias))


@route(blueprint, "PATCH", "/fields/{alias}")
def update(call: Call, alias: str) -> object:
    changes, version = call.changes(Changes)
    return shown(definitions.update(call.world, alias, _plain(changes), version))


@route(blueprint, "DELETE", "/fields/{alias}")
def delete(call: Call, alias: str) -> Response:
    """Contacts keep their values."""
    definitions.delete(call.world, alias)
    return empty()


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    if "choices" not in given:
        return given
    return given | {"choices": [msgspec.structs.asdict(each) for each in given["choices"]]}


def shown(definition: Definition) -> dict[str, Any]:
    return {
        "alias": definition.alias,
        "label": definition.label,
        "type": definition.type,
        "choices": [{"value": each.value, "label": each.label} for each in definition.choices],
        "default": definition.default,
        "retired": definition.retired,
        "version": definition.version,
        "created_at": iso(definition.created_at),
        "updated_at": iso(definition.updated_at),
    }
