"""The team's list of tags. A tag that a contact is given is on it from then on, without being made first."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.model.tag import Tag
from chalicelib.model.tagging import checked_tags
from chalicelib.work.words import Words
from chalicelib.work.world import World


def _spelt(name: str, place: str) -> str:
    [tag] = checked_tags([name], place)
    return tag


TAGS = Words(Tag, lambda world: world.tags, _spelt, {})
read, update, delete = TAGS.read, TAGS.update, TAGS.delete


def create(world: World, name: str, description: str = "") -> Tag:
    """Raises Invalid, and Conflict where it is on the list."""
    return TAGS.create(world, TAGS.new(world, _spelt(name, "name"), description))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Tag], str | None]:
    """In the order of their names."""
    return world.tags.page(limit, cursor)


def keep(world: World, names: Iterable[str]) -> None:
    """Puts on the list what contacts are about to be given."""
    for name in TAGS.missing(world, names):
        world.tags.create(TAGS.new(world, name))
