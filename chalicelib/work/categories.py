"""Categories of e-mails: what people can leave without leaving everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.category import MAX_CATEGORIES, Category
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.line import line
from chalicelib.model.locale import locale_tag
from chalicelib.model.workspace import Workspace
from chalicelib.work import keeping
from chalicelib.work.world import World

MAX_NAME = 100
MAX_LANGUAGES = 20


def create(world: World, given: Mapping[str, object]) -> Category:
    """A category of `name` and any other of CHECKS. Raises Invalid, and Conflict where there are too many."""
    if "name" not in given:
        raise Invalid("name", None, "This field is needed.")
    wanted = keeping.checked(world, CHECKS, given)
    if len(list(keeping.every(world.categories))) >= MAX_CATEGORIES:
        raise Conflict(f"There are {MAX_CATEGORIES} categories already.", hint="Delete one that nobody needs.")
    now = world.now()
    return keeping.created(world.categories, Category(world.new_id(), **wanted, created_at=now, updated_at=now))


def read(world: World, category_id: str, field: str = "id") -> Category:
    """NotFound; Invalid where another `field` than an id names it."""
    found = world.categories.read(category_id) if is_id(category_id) else None
    if found is None and field != "id":
        raise Invalid(field, category_id, "There is no such category (GET /v1/categories).")
    if found is None:
        raise NotFound(f"There is no category {category_id[:60]!r}.", field="id")
    return found


def update(
    world: World, category_id: str, changes: Mapping[str, object], expected_version: int | None = None
) -> Category:
    """Raises NotFound, Invalid, and Conflict: another version."""
    before = read(world, category_id)
    keeping.expect(before, expected_version)
    return keeping.changed(world, world.categories, before, replace(before, **keeping.checked(world, CHECKS, changes)))


def delete(world: World, category_id: str) -> Category:
    """E-mails that still name it go to whoever has not left everything; those who left it stay out of them. Raises
    Conflict where a cap of the workspace's is for it.
    """
    category, workspace = read(world, category_id), world.workspaces.read(Workspace().id)
    if workspace and any(each.category == category_id for each in workspace.caps):
        raise Conflict(f"A cap of the workspace is for {category.name}.", field="caps", hint="Take the cap away first.")
    return keeping.deleted(world.categories, category)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Category], str | None]:
    return world.categories.page(limit, cursor)


def checked_names(value: object) -> dict[str, str]:
    """What recipients read, by language tag; empty ones fall away. Raises Invalid."""
    if not isinstance(value, Mapping) or len(value) > MAX_LANGUAGES:
        raise Invalid("names", value, f'Give an object of at most {MAX_LANGUAGES} names, such as {{"fr": "Offres"}}.')
    named = {locale_tag(str(tag), "names"): line(text, f"names.{tag}", MAX_NAME) for tag, text in value.items()}
    return {tag: text for tag, text in named.items() if text}


def _public(_world: World, value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid("public", value, "Give true or false.")
    return value


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "name": lambda _world, value: line(value, "name", MAX_NAME, needed=True),
        "names": lambda _world, value: checked_names(value),
        "public": _public,
    }
)
