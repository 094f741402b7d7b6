"""The team's list of tags. A tag that a contact is given is on it from then on, without being made first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.line import lines
from chalicelib.model.tag import MAX_DESCRIPTION, Tag
from chalicelib.model.tagging import checked_tags
from chalicelib.work import keeping
from chalicelib.work.world import World


def create(world: World, name: str, description: str = "") -> Tag:
    """Raises Invalid, and Conflict where it is on the list."""
    [checked] = checked_tags([name], "name")
    tag = _new(world, checked, lines(description, "description", MAX_DESCRIPTION))
    if world.tags.read(tag.name) is not None or not world.tags.create(tag):
        raise Conflict(f"There is a tag {tag.name!r} already.", field="name", hint="Use that one.")
    return tag


def read(world: World, name: str) -> Tag:
    tag = world.tags.read(name) if _is_name(name) else None
    if tag is None:
        raise NotFound(f"There is no tag {name[:60]!r}.", field="name")
    return tag


def update(world: World, name: str, changes: Mapping[str, object], expected_version: int | None = None) -> Tag:
    before = read(world, name)
    keeping.expect(before, expected_version)
    return keeping.changed(world, world.tags, before, replace(before, **keeping.checked(world, CHECKS, changes)))


def delete(world: World, name: str) -> None:
    """Off the list: the contacts that carry it keep it, and whoever is given it puts it on the list again."""
    keeping.deleted(world.tags, read(world, name))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Tag], str | None]:
    """In the order of their names."""
    return world.tags.page(limit, cursor)


def keep(world: World, names: Iterable[str]) -> None:
    """Puts on the list what contacts are about to be given. One read where all of them are there."""
    wanted = sorted(set(names))
    known = world.tags.read_many(wanted) if wanted else {}
    for name in wanted:
        if name not in known:
            world.tags.create(_new(world, name))


def _new(world: World, name: str, description: str = "") -> Tag:
    return Tag(name, description, created_at=world.now(), updated_at=world.now())


def _is_name(text: str) -> bool:
    try:
        return checked_tags([text]) == {text}
    except Invalid:
        return False


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {"description": lambda _world, value: lines(value, "description", MAX_DESCRIPTION)}
)
