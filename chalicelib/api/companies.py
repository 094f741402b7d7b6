"""`/v1/companies`: whose fields stand in where a contact's own are empty."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.company import Company
from chalicelib.work import companies

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    """`fields` by alias, as a contact's."""

    name: str
    fields: dict[str, Any] = {}


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`fields` are merged, null removes one. With `version` the change is refused where it is another by now."""

    name: str | UnsetType = UNSET
    fields: dict[str, Any] | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/companies")
def create(call: Call) -> Response:
    return answer(shown(companies.create(call.world, msgspec.structs.asdict(call.decoded(New)))), 201)


@route(blueprint, "GET", "/companies")
def index(call: Call) -> object:
    items, cursor = companies.page(call.world, call.limit, call.cursor)
    return page([shown(company) for company in items], cursor)


@route(blueprint, "GET", "/companies/{company_id}")
def read(call: Call, company_id: str) -> object:
    return shown(companies.read(call.world, company_id))


@route(blueprint, "PATCH", "/companies/{company_id}")
def update(call: Call, company_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(companies.update(call.world, company_id, changes, version))


@route(blueprint, "DELETE", "/companies/{company_id}")
def delete(call: Call, company_id: str) -> Response:
    """Contacts that still name the company have none from then on."""
    companies.delete(call.world, company_id)
    return empty()


def shown(company: Company) -> dict[str, Any]:
    return {
        "id": company.id,
        "name": company.name,
        "fields": dict(company.fields),
        "version": company.version,
        "created_at": iso(company.created_at),
        "updated_at": iso(company.updated_at),
    }
