"""The lists of a team's words, tags and stages: found by name, changed and taken off alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.line import lines
from chalicelib.model.stage import Stage
from chalicelib.model.tag import Tag
from chalicelib.model.word import MAX_DESCRIPTION
from chalicelib.work import keeping
from chalicelib.work.ports.shelf import Shelf
from chalicelib.work.world import World

Thing = TypeVar("Thing", Tag, Stage)


@dataclass(frozen=True, slots=True)
class Words(Generic[Thing]):
    """`shape` makes one; `spelt` gives a name as it is kept, "" for none, or raises Invalid; `checks` are of what may
    be changed beside the description.
    """

    shape: type[Thing]
    shelf: Callable[[World], Shelf[Thing]]
    spelt: Callable[[str, str], str]
    checks: Mapping[str, keeping.Check]

    @property
    def kind(self) -> str:
        return self.shape.__name__.lower()

    def new(self, world: World, name: str, description: str = "", **more: Any) -> Thing:  # noqa: ANN401  # its fields
        now = world.now()
        text = lines(description, "description", MAX_DESCRIPTION)
        return self.shape(name, text, created_at=now, updated_at=now, **more)

    def create(self, world: World, thing: Thing) -> Thing:
        """Conflict where it is on the list."""
        if self.shelf(world).read(thing.name) is not None or not self.shelf(world).create(thing):
            raise Conflict(f"There is a {self.kind} {thing.name!r} already.", field="name", hint="Use that one.")
        return thing

    def read(self, world: World, name: str) -> Thing:
        thing = self.shelf(world).read(name) if self._is_name(name) else None
        if thing is None:
            raise NotFound(f"There is no {self.kind} {name[:60]!r}.", field="name")
        return thing

    def update(
        self, world: World, name: str, changes: Mapping[str, object], expected_version: int | None = None
    ) -> Thing:
        before = self.read(world, name)
        keeping.expect(before, expected_version)
        checked = keeping.checked(world, DESCRIBED | dict(self.checks), changes)
        return keeping.changed(world, self.shelf(world), before, replace(before, **checked))

    def delete(self, world: World, name: str) -> None:
        """Off the list: the contacts that carry it keep it, and whoever is given it puts it on the list again."""
        keeping.deleted(self.shelf(world), self.read(world, name))

    def missing(self, world: World, names: Iterable[str]) -> list[str]:
        """Those of the names that are not on the list; one read of all of them."""
        wanted = sorted(set(names) - {""})
        known = self.shelf(world).read_many(wanted) if wanted else {}
        return [each for each in wanted if each not in known]

    def _is_name(self, text: str) -> bool:
        try:
            return bool(text) and self.spelt(text, "name") == text
        except Invalid:
            return False


DESCRIBED: dict[str, keeping.Check] = {
    "description": lambda _world, value: lines(value, "description", MAX_DESCRIPTION)
}
