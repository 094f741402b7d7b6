"""Workers that deliver a broadcast as Lambda does, each with what its process remembers, over the fakes' rows."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.budget import Budget, Course, Reservation, Slot, Wait
from chalicelib.model.chunk import CHUNK, planned_chunk
from chalicelib.model.contact import Contact
from chalicelib.model.transport_setup import DEFAULT
from chalicelib.transports.attached import no_contents
from chalicelib.transports.providers import House as Deployment
from chalicelib.transports.ses import SesTransport
from chalicelib.transports.standing import StandingTransports
from chalicelib.work.delivering import deliver
from chalicelib.work.world import World
from tests.fakes.budgets import FakeBudgets
from tests.fakes.clock import NOON
from tests.fakes.faulty import PortCall, intercepted
from tests.fakes.hints import FakeHints
from tests.fakes.tables import Tables
from tests.fakes.world import SIGNER, fake_world, numbered_id
from tests.work.pace.account import Account
from tests.work.pace.virtual_time import VirtualTime
from tests.work.sending.house import EMAIL, LIST, REVISION

JOB_MS = 120_000
STORE_MS = (4, 8)
POLL_MS = 50
# Answered from a process's own memory, or by the transport's client, which takes its own time.
AT_ONCE = frozenset({"transports", "revisions", "links"})
OF_MEMORY = frozenset({"seen", "note"})


@dataclass
class Remembering(FakeBudgets):
    """As the store: what it knows of a row is what the row said last."""

    known: dict[str, Budget] = field(default_factory=dict)

    def reserve(self, place: str, asked: Reservation) -> Slot | Wait:
        found = super().reserve(place, asked)
        self.known[place] = self.read(place)
        return found

    def seen(self, place: str) -> Budget:
        return self.known.get(place, Budget())

    def change(self, place: str, change: Callable[[Budget], Course | None]) -> Budget:
        self.known[place] = super().change(place, change)
        return self.known[place]


@dataclass
class Queue(FakeHints):
    """Hints come in an order of chance, once their delay is over."""

    time: VirtualTime = field(kw_only=True)
    rng: Random = field(kw_only=True)
    delayed: list[tuple[int, tuple[str, int, int]]] = field(default_factory=list)
    ready: list[tuple[str, int, int]] = field(default_factory=list)

    def deliver(self, broadcast_id: str, walker: int, numbers: object, delay_s: int = 0) -> None:
        for number in numbers:  # type: ignore[attr-defined]
            heapq.heappush(self.delayed, (self.time.now() + delay_s * 1_000, (broadcast_id, walker, number)))

    def next(self) -> tuple[str, int, int] | None:
        while self.delayed and self.delayed[0][0] <= self.time.now():
            self.ready.append(heapq.heappop(self.delayed)[1])
        return self.ready.pop(self.rng.randrange(len(self.ready))) if self.ready else None


class Plant:
    """`workers` deliver whatever is hinted; `account` is what SES saw of it."""

    def __init__(self, rate: float, workers: int, seed: int = 1) -> None:
        self.rng = Random(seed)
        self.time = VirtualTime(NOON)
        self.account = Account(self.time, rate, self.rng)
        self.tables = Tables()
        self.hints = Queue(time=self.time, rng=self.rng)
        self.tables.revisions[EMAIL, 1] = REVISION
        for number in range(workers):
            self.time.start(lambda number=number: self._work(number))

    def broadcast(self, number: int, people: int) -> str:
        """One that is planned and hinted to its end."""
        made, family = numbered_id(number, "broadcast"), numbered_id(number, "family")
        broadcast = Broadcast(made, EMAIL, family, 1, (LIST,), (), NOON, state="sending", walked=True)
        self.tables.broadcasts[made] = broadcast
        ids = [numbered_id(n, f"contact {number}") for n in range(people)]
        for each in ids:
            self.tables.contacts[each] = Contact(each, f"{each}@example.com", {}, frozenset({LIST}))
        for place in range(0, people, CHUNK):
            chunk = planned_chunk(made, family, 0, place // CHUNK, ids[place : place + CHUNK])
            self.tables.chunks[made, 0, chunk.number] = chunk
        self.hints.deliver(made, 0, range(-(-people // CHUNK)))
        return made

    def run(self, seconds: float) -> None:
        self.time.run_until(self.time.now() + round(seconds * 1_000))

    def end(self) -> None:
        self.time.end()

    def world(self, number: int) -> World:
        """A process's own: its memory, its client, its quota."""
        transport = SesTransport(self.account, "envoi", "main", clock=lambda: self.time.now() / 1_000)
        deployment = Deployment(lambda: transport, SIGNER, "main", 10_000, no_contents)
        standing = StandingTransports(lambda: [DEFAULT], deployment, str, str, clock=lambda: self.time.now() / 1_000)
        world = fake_world(
            tables=self.tables,
            seed=f"worker {number}",
            hints=self.hints,
            budgets=Remembering(self.tables),
            transports=standing,
            now=self.time.now,
            sleep=self.time.sleep,
            time_left=lambda: JOB_MS,
        )
        return intercepted(world, before=self._takes_time)

    def _work(self, number: int) -> None:
        world = self.world(number)
        while True:
            hint = self.hints.next()
            if hint is None:
                self.time.sleep(POLL_MS)
                continue
            end = self.time.now() + JOB_MS
            deliver(replace(world, time_left=lambda end=end: end - self.time.now()), *hint)

    def _takes_time(self, call: PortCall) -> None:
        if call.port not in AT_ONCE and call.method not in OF_MEMORY:
            self.time.sleep(self.rng.randint(*STORE_MS))
