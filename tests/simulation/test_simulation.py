"""A thousand seeds of the simulator; `make soak` runs a million. And that it would see what it looks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import SENT, Chunk
from chalicelib.model.message import Message
from chalicelib.model.outcome import Outcome
from chalicelib.model.pacing import WHENEVER
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work.world import Timing
from tests.fakes.broadcasts import FakeBroadcasts, FakeChunks
from tests.fakes.messages import FakeMessages
from tests.fakes.tables import Tables
from tests.simulation.laws import Broken
from tests.simulation.provider import Watched
from tests.simulation.simulation import Simulation, simulate

BATCH, BATCHES = 50, 20
TRIES = 200


@pytest.mark.parametrize("first", range(0, BATCH * BATCHES, BATCH))
def test_every_law_holds(first: int) -> None:
    for seed in range(first, first + BATCH):
        simulate(seed)


def test_a_seed_is_the_same_run_each_time() -> None:
    once, again = simulate(7), simulate(7)
    assert once.trace == again.trace
    assert once.house.tables == again.house.tables


@dataclass
class Careless(FakeChunks):
    """Writes a chunk over whatever stands there: two workers may both begin a call."""

    tables: Tables

    def write(self, chunk: Chunk) -> bool:
        self.tables.chunks[chunk.broadcast, chunk.walker, chunk.number] = chunk
        return True


@dataclass
class Forgetful(FakeMessages):
    """Loses the send log: nobody knows in the next broadcast who has it already."""

    def put_many(self, messages: Any) -> None:
        """Nothing of it stays."""

    def update(self, message: Message, expected_version: int) -> bool:
        return True


@dataclass
class Dismissive(FakeChunks):
    """Believes that what came of a call is worth nothing once its broadcast is stopped."""

    tables: Tables

    def write(self, chunk: Chunk) -> bool:
        stopped = self.tables.broadcasts[chunk.broadcast].state in ("paused", "cancelled")
        return (stopped and SENT in chunk.fates) or super().write(chunk)


@dataclass
class Drowsy(FakeBroadcasts):
    """Does not let a broadcast be woken that is at rest."""

    tables: Tables

    def update(self, broadcast: Broadcast, expected_version: int) -> bool:
        before = self.tables.broadcasts[broadcast.id]
        kept = replace(broadcast, look_at=max(before.look_at, broadcast.look_at))
        return super().update(kept, expected_version)


def broken_by(law: str, **parts: Any) -> str:
    """What the first seed says that breaks this law with these ports; "" where none does."""
    for seed in range(TRIES):
        simulation = Simulation(seed)
        tables = simulation.house.tables
        simulation.house.parts.update({name: port(tables) for name, port in parts.items()})
        try:
            simulation.run()
        except Broken as broken:
            if law in str(broken):
                return str(broken)
    return ""


class Heedless(Watched):
    """Begins all letters of a call, however long that takes."""

    def send(
        self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER
    ) -> Sequence[Outcome]:
        return super().send(setup, revision, envelopes)


def test_it_sees_a_letter_that_begins_long_after_its_call() -> None:
    broken = []
    for seed in range(TRIES):
        simulation = Simulation(seed)
        watched = simulation.house.parts["transports"]
        simulation.house.parts["transports"] = Heedless(**vars(watched))
        try:
            simulation.run()
        except Broken as found:
            broken.append(str(found))
    assert any("was stopped, and a call began" in each for each in broken)


@pytest.mark.parametrize(
    ("law", "parts"),
    [
        ("is counted as", {"chunks": Careless}),
        ("2 copies", {"messages": Forgetful}),
        ("was stopped, and a call began", {"timing": lambda _tables: Timing(reading_age=300_000)}),
        ("is counted as", {"chunks": Dismissive}),
        ("who is held all the same", {"broadcasts": Drowsy}),
    ],
)
def test_it_sees_a_house_that_breaks_a_law(law: str, parts: dict[str, Any]) -> None:
    assert "replay: make soak SEED=" in broken_by(law, **parts)
