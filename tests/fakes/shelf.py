"""The few things of one kind that a team keeps, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.tables import drop, paged, put_new, put_over


@dataclass
class FakeShelf:
    things: dict[str, Any] = field(default_factory=dict)

    def create(self, thing: Any) -> bool:
        return put_new(self.things, thing.id, thing)

    def read(self, thing_id: str) -> Any:
        return self.things.get(thing_id)

    def read_many(self, ids: Sequence[str]) -> dict[str, Any]:
        return {each: self.things[each] for each in ids if each in self.things}

    def update(self, thing: Any, expected_version: int, beside: Any = None) -> bool:
        return self._stands(beside) and put_over(self.things, thing.id, thing, expected_version)

    def delete(self, thing_id: str, expected_version: int, beside: Any = None) -> bool:
        return self._stands(beside) and drop(self.things, thing_id, expected_version)

    def page(self, limit: int, cursor: str | None) -> tuple[list[Any], str | None]:
        return paged([self.things[each] for each in sorted(self.things)], limit, cursor)

    def _stands(self, beside: Any) -> bool:
        return beside is None or bool(self.things.get(beside.id) == beside)
