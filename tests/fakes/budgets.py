"""Send budgets in memory: a row for each place."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chalicelib.model.budget import NOTHING, Budget, Course, Reservation, Slot, Told, Wait, changed, cost_of, reserved
from tests.fakes.tables import Tables


@dataclass
class FakeBudgets:
    tables: Tables
    heard: dict[str, Told] = field(default_factory=dict)

    def reserve(self, place: str, asked: Reservation) -> Slot | Wait:
        asked = replace(asked, told=self.heard.get(place, NOTHING))
        before = self.read(place)
        after = reserved(before, asked)
        if isinstance(after, Wait):
            return after
        self.heard.pop(place, None)
        self.tables.budgets[place] = after
        return Slot(after.next_at - cost_of(asked), probe=before.course.breaker.state != "closed")

    def seen(self, place: str) -> Budget:
        return self.read(place)

    def read(self, place: str) -> Budget:
        return self.tables.budgets.get(place, Budget())

    def note(self, place: str, told: Told) -> None:
        self.heard[place] = self.heard.get(place, NOTHING) + told

    def change(self, place: str, change: Callable[[Budget], Course | None]) -> Budget:
        course = change(self.read(place))
        if course is not None:
            self.tables.budgets[place] = changed(self.read(place), course)
        return self.read(place)
