"""`/v1/contacts`: people with one address each. `{contact}` is an id or an address (URL-encoded)."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.contact import Contact
from chalicelib.work import contacts

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    """`fields` by alias; what a field may hold is said in `model/fields.py`."""

    address: str
    fields: dict[str, Any] = {}
    consent: bool = True


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`fields` are merged, null removes one. With `version` the change is refused where it is another by now."""

    address: str | UnsetType = UNSET
    fields: dict[str, Any] | UnsetType = UNSET
    consent: bool | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/contacts")
def create(call: Call) -> Response:
    given = call.decoded(New)
    return answer(shown(contacts.create(call.world, given.address, given.fields, consent=given.consent)), 201)


@route(blueprint, "GET", "/contacts")
def index(call: Call) -> object:
    items, cursor = contacts.page(call.world, call.limit, call.cursor)
    return page([shown(contact) for contact in items], cursor)


@route(blueprint, "GET", "/contacts/{contact}")
def read(call: Call, contact: str) -> object:
    return shown(contacts.read(call.world, contact))


@route(blueprint, "PATCH", "/contacts/{contact}")
def update(call: Call, contact: str) -> object:
    changes, version = call.changes(Changes)
    return shown(contacts.update(call.world, contact, changes, version))


@route(blueprint, "DELETE", "/contacts/{contact}")
def delete(call: Call, contact: str) -> Response:
    contacts.delete(call.world, contact)
    return empty()


def shown(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "address": contact.address,
        "fields": dict(contact.fields),
        "segments": sorted(contact.lists),
        "consent": contact.consent,
        "merged_into": contact.merged_into,
        "version": contact.version,
        "created_at": iso(contact.created_at),
        "updated_at": iso(contact.updated_at),
    }
