"""The team's stages. One that a contact is put in is on the list from then on, behind all others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.cursor import cut, place_of
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.line import lines
from chalicelib.model.stage import MAX_STAGES, MAX_WEIGHT, Stage
from chalicelib.model.tag import MAX_DESCRIPTION
from chalicelib.model.tagging import checked_stage
from chalicelib.work import keeping
from chalicelib.work.world import World

PLACE = re.compile(r"[0-9]{7} .{1,100}", re.DOTALL)


def create(world: World, name: str, description: str = "", weight: int | None = None) -> Stage:
    """Behind all others where no weight is given. Raises Invalid, and Conflict: it is there, or there are too many."""
    checked, known = checked_stage(name, "name"), every(world)
    if not checked:
        raise Invalid("name", name, "Give the stage a name.")
    if len(known) >= MAX_STAGES:
        raise Conflict(f"There are {MAX_STAGES} stages already.", hint="Delete one that nobody needs.")
    place = _behind(known) if weight is None else _weight(world, weight)
    stage = _new(world, checked, place, lines(description, "description", MAX_DESCRIPTION))
    if checked in {each.name for each in known} or not world.stages.create(stage):
        raise Conflict(f"There is a stage {checked!r} already.", field="name", hint="Use that one.")
    return stage


def read(world: World, name: str) -> Stage:
    stage = world.stages.read(name) if _is_name(name) else None
    if stage is None:
        raise NotFound(f"There is no stage {name[:60]!r}.", field="name")
    return stage


def update(world: World, name: str, changes: Mapping[str, object], expected_version: int | None = None) -> Stage:
    before = read(world, name)
    keeping.expect(before, expected_version)
    return keeping.changed(world, world.stages, before, replace(before, **keeping.checked(world, CHECKS, changes)))


def delete(world: World, name: str) -> None:
    """Off the list: the contacts in it stay in it."""
    keeping.deleted(world.stages, read(world, name))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Stage], str | None]:
    """In the order of their weight."""
    after = place_of(cursor, PLACE) if cursor else ""
    behind = [each for each in every(world) if _place(each) > after]
    return cut(behind[: limit + 1], limit, _place)


def every(world: World) -> list[Stage]:
    """In the order of their weight; at most MAX_STAGES and those that contacts brought along."""
    return sorted(keeping.every(world.stages), key=lambda each: (each.weight, each.name))


def keep(world: World, names: Iterable[str]) -> None:
    """Puts on the list what contacts are about to be put in, while there is room on it."""
    wanted = sorted(set(names) - {""})
    known = world.stages.read_many(wanted) if wanted else {}
    for name in wanted:
        if name not in known:
            _add(world, name)


def _place(stage: Stage) -> str:
    return f"{stage.weight:07d} {stage.name}"


def _add(world: World, name: str) -> None:
    standing = every(world)
    if len(standing) < MAX_STAGES:
        world.stages.create(_new(world, name, _behind(standing)))


def _new(world: World, name: str, weight: int, description: str = "") -> Stage:
    return Stage(name, description, weight, created_at=world.now(), updated_at=world.now())


def _behind(stages: list[Stage]) -> int:
    return min(MAX_WEIGHT, max((each.weight for each in stages), default=0) + 1)


def _weight(_world: World, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_WEIGHT:
        raise Invalid("weight", value, f"Give a whole number from 0 to {MAX_WEIGHT}.")
    return value


def _is_name(text: str) -> bool:
    try:
        return bool(text) and checked_stage(text) == text
    except Invalid:
        return False


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {"description": lambda _world, value: lines(value, "description", MAX_DESCRIPTION), "weight": _weight}
)
