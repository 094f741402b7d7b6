"""Dead letters in memory; what is replayed is kept for the test."""

from collections.abc import Collection
from dataclasses import dataclass, field

from chalicelib.model.dead_letter import DeadLetter, Queue


@dataclass
class FakeDeadLetters:
    letters: list[DeadLetter] = field(default_factory=list)
    replayed: list[DeadLetter] = field(default_factory=list)

    def number(self, queue: Queue) -> int:
        return sum(1 for each in self.letters if each.queue == queue)

    def page(self, queue: Queue, limit: int) -> list[DeadLetter]:
        return [each for each in self.letters if each.queue == queue][:limit]

    def replay(self, queue: Queue, ids: Collection[str] | None, most: int) -> int:
        taken = self._take(queue, ids, most)
        self.replayed += taken
        return len(taken)

    def drop(self, queue: Queue, ids: Collection[str], most: int) -> int:
        return len(self._take(queue, ids, most))

    def _take(self, queue: Queue, ids: Collection[str] | None, most: int) -> list[DeadLetter]:
        taken = [each for each in self.page(queue, most) if ids is None or each.id in ids]
        self.letters = [each for each in self.letters if each not in taken]
        return taken
