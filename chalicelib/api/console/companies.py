"""Companies: whose fields stand in where a contact's own are empty."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console import contact_fields
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.model.countries import NAMES
from chalicelib.model.zones import known_zones
from chalicelib.work import companies, definitions
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/companies"


@shows(blueprint, "/companies")
def index(visit: Visit) -> Response:
    found, cursor = companies.page(visit.world, ROWS, visit.cursor)
    return visit.page("data/companies", companies=found, next=cursor)


@changes(blueprint, "/companies", again=index)
def create(visit: Visit) -> Response:
    """With its name alone: its fields follow on its own page."""
    company = companies.create(visit.world, {"name": visit.one("name")})
    return visit.go(f"{HERE}/{company.id}", "data.company-made", name=company.name)


@shows(blueprint, "/companies/{company_id}")
def show(visit: Visit, company_id: str) -> Response:
    require(visit.world, "editor")
    company, known = companies.read(visit.world, company_id), definitions.by_alias(visit.world)
    inputs = contact_fields.inputs(visit, known, company.fields)
    types = {each.type for each in known.values()}
    offers: dict[str, Any] = {
        "countries": sorted(NAMES.values()) if "country" in types else [],
        "zones": sorted(set(known_zones().values())) if "timezone" in types else [],
    }
    return visit.page("data/company", company=company, inputs=inputs, **offers)


@changes(blueprint, "/companies/{company_id}", again=show)
def update(visit: Visit, company_id: str) -> Response:
    before = companies.read(visit.world, company_id)
    fields = contact_fields.typed_values(visit, definitions.by_alias(visit.world), before.fields)
    wanted = {"name": visit.one("name"), "fields": fields}
    companies.update(visit.world, company_id, wanted, visit.whole("version"))
    return visit.go(f"{HERE}/{company_id}", "frame.saved")


@changes(blueprint, "/companies/{company_id}/delete", again=show)
def delete(visit: Visit, company_id: str) -> Response:
    company = companies.delete(visit.world, company_id)
    return visit.go(HERE, "data.company-deleted", name=company.name)
