"""The events' queue in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.model.fact import Event


@dataclass
class FakeIncoming:
    queue: list[Event] = field(default_factory=list)

    def put(self, events: Sequence[Event]) -> None:
        self.queue += events
