"""The team's stages. One that a contact is put in is on the list from then on, behind all others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chalicelib.model.cursor import cut, place_of
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.stage import MAX_STAGES, MAX_WEIGHT, Stage
from chalicelib.model.tagging import checked_stage
from chalicelib.work import keeping
from chalicelib.work.words import Words
from chalicelib.work.world import World

PLACE = re.compile(r"[0-9]{7} .{1,100}", re.DOTALL)


def _weight(_world: World, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_WEIGHT:
        raise Invalid("weight", value, f"Give a whole number from 0 to {MAX_WEIGHT}.")
    return value


STAGES = Words(Stage, lambda world: world.stages, checked_stage, {"weight": _weight})
read, update, delete = STAGES.read, STAGES.update, STAGES.delete


def create(world: World, name: str, description: str = "", weight: int | None = None) -> Stage:
    """Behind all others where no weight is given. Raises Invalid, and Conflict: it is there, or there are too many."""
    checked, known = checked_stage(name, "name"), every(world)
    if not checked:
        raise Invalid("name", name, "Give the stage a name.")
    if len(known) >= MAX_STAGES:
        raise Conflict(f"There are {MAX_STAGES} stages already.", hint="Delete one that nobody needs.")
    place = _behind(known) if weight is None else _weight(world, weight)
    return STAGES.create(world, STAGES.new(world, checked, description, weight=place))


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
    for name in STAGES.missing(world, names):
        standing = every(world)
        if len(standing) < MAX_STAGES:
            world.stages.create(STAGES.new(world, name, weight=_behind(standing)))


def _place(stage: Stage) -> str:
    return f"{stage.weight:07d} {stage.name}"


def _behind(stages: Sequence[Stage]) -> int:
    return min(MAX_WEIGHT, max((each.weight for each in stages), default=0) + 1)
