"""Companies: whose fields stand in where a contact's own are empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.company import Company
from chalicelib.model.errors import Invalid
from chalicelib.model.fields import merged
from chalicelib.model.ids import is_id
from chalicelib.model.line import line
from chalicelib.work import definitions, keeping
from chalicelib.work.world import World

MAX_NAME = 100


def create(world: World, given: Mapping[str, object]) -> Company:
    """A company of `name` and `fields`, which are checked as a contact's are. Raises Invalid, TooLarge."""
    if "name" not in given:
        raise Invalid("name", None, "This field is needed.")
    wanted = keeping.checked(world, CHECKS, given)
    wanted["fields"] = merged({}, wanted.get("fields", {}))
    now = world.now()
    return keeping.created(world.companies, Company(world.new_id(), **wanted, created_at=now, updated_at=now))


def read(world: World, company_id: str) -> Company:
    return keeping.found(world.companies, "company", company_id)


def update(
    world: World, company_id: str, changes: Mapping[str, object], expected_version: int | None = None
) -> Company:
    """`fields` are merged, null removes one. Raises NotFound, Invalid, TooLarge, and Conflict: another version."""
    before = read(world, company_id)
    keeping.expect(before, expected_version)
    wanted = keeping.checked(world, CHECKS, changes)
    if "fields" in wanted:
        wanted["fields"] = merged(before.fields, wanted["fields"])
    return keeping.changed(world, world.companies, before, replace(before, **wanted))


def delete(world: World, company_id: str) -> Company:
    """Contacts may still name the company: they then have none, and their own fields alone."""
    return keeping.deleted(world.companies, read(world, company_id))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Company], str | None]:
    return world.companies.page(limit, cursor)


def named(world: World, value: object) -> str:
    """The id of a company that there is; "" for none. Invalid names `company_id`."""
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not is_id(value) or world.companies.read(value) is None:
        raise Invalid("company_id", value, "Give the id of a company (GET /v1/companies), or null for none.")
    return value


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "name": lambda _world, value: line(value, "name", MAX_NAME, needed=True),
        "fields": definitions.checked,
    }
)
