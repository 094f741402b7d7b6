"""A whole house over fakes: an audience, a published e-mail, a queue, workers that can be killed at any port call.

Everything that happens is decided by the test: which queue message is taken, at which call of which port a worker
dies or loses an answer, when time passes, which events come back.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from chalicelib.compose.revision import Program, Revision, Slot
from chalicelib.model.broadcast import Broadcast, Tally
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.fact import Event
from chalicelib.model.segment import Segment
from chalicelib.work import (
    broadcasting,
    delivering,
    filling,
    merging,
    messaging,
    planning,
    preflight,
    recording,
    sweeping,
    tending,
)
from chalicelib.work.world import World
from tests.fakes.budgets import FakeBudgets
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, Tap, intercepted, unharmed
from tests.fakes.hints import FakeHints, Hint
from tests.fakes.tables import Tables
from tests.fakes.transport import Copy, FakeTransport, FakeTransports
from tests.fakes.world import fake_world, numbered_id

EMAIL = numbered_id(1, "email")
LIST = numbered_id(1, "list")
OTHER = numbered_id(2, "list")
LIVE = numbered_id(3, "live")

# an address that is never taken comes back for ever, a little later each time
JOBS_A_DRAIN = 300
NEVER_DUE = 10**15

REVISION = Revision(
    email=EMAIL,
    number=1,
    family=EMAIL,
    kind="segment",
    from_address="news@example.com",
    reply_to="",
    program=Program(
        slots=(Slot("field", "text", "firstname", "you"), Slot("track", "text")),
        subject=("Hello ", 0),
        from_name=("Envoi",),
        html=("",),
        text=("Hello ", 0, ": https://mail.example.com/c/", 1, "/0\n"),
    ),
    links=("https://example.com/",),
    base_url="https://mail.example.com",
)


@dataclass
class House:
    """`contacts` people in the list LIST, every third of them also in OTHER; the live filter LIVE holds all."""

    contacts: int = 60
    clock: Clock = field(default_factory=Clock)
    tables: Tables = field(default_factory=Tables)
    hints: FakeHints = field(default_factory=FakeHints)
    transports: FakeTransports = field(init=False)
    budgets: FakeBudgets = field(init=False)
    told: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    parts: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.budgets = FakeBudgets(self.tables)
        self.transports = FakeTransports(self.clock, self.tables.shelves.setdefault("transport_setups", {}))
        self.people = [numbered_id(n, "contact") for n in range(self.contacts)]
        self._furnish()

    @property
    def transport(self) -> FakeTransport:
        """The one of a house that has set none up."""
        return self.transports.first

    def _furnish(self) -> None:
        lists = {LIST: set(self.people), OTHER: set(self.people[::3])}
        for n, each in enumerate(self.people):
            mine = frozenset(name for name, members in lists.items() if each in members)
            self.tables.contacts[each] = Contact(each, f"person{n}@example.com", {"firstname": f"P{n}"}, mine)
        live = {"field": "email", "operator": "contains", "value": "@"}
        self.tables.segments |= {
            LIST: Segment(LIST, "All", size=len(self.people)),
            OTHER: Segment(OTHER, "Third", size=len(lists[OTHER])),
            # not kept as rows, and no pass is due: whoever plans scans
            LIVE: Segment(LIVE, "Live", filter=live, generation=1, passed_at=NEVER_DUE),
        }
        self.tables.members |= lists
        self.tables.emails[EMAIL] = Email(
            EMAIL, "segment", "News", "Hello", "news@example.com", EMAIL, segments=(LIST,), revision=1
        )
        self.tables.revisions[EMAIL, 1] = REVISION

    def world(self, before: Tap = unharmed, after: Tap = unharmed) -> World:
        """A worker's world; ids are nobody else's."""
        world = replace(self.reader, **self.parts) if self.parts else self.reader
        return world if before is after is unharmed else intercepted(world, before, after)

    @cached_property
    def reader(self) -> World:
        """The world of everybody who meets no fault."""
        return fake_world(
            clock=self.clock, tables=self.tables, hints=self.hints, transports=self.transports, budgets=self.budgets
        )

    def broadcast(self, *segments: str, exclude: tuple[str, ...] = ()) -> Broadcast:
        return broadcasting.create(self.world(), EMAIL, segments or (LIST,), exclude, None, skip_preflight=True)

    def work(self, hint: Hint, before: Tap = unharmed, after: Tap = unharmed) -> bool:
        """A worker takes this queue message; False where it died or failed (the message comes again)."""
        world = self.world(before, after)
        try:
            for job in JOBS[hint.kind](world, hint):
                job()
        except (Killed, LostAnswer):
            return False
        return True

    def sweep(self, before: Tap = unharmed, after: Tap = unharmed) -> None:
        """The minute's rule; what dies is done again a minute later."""
        try:
            sweeping.sweep(self.world(before, after))
        except* (Killed, LostAnswer):
            pass

    def drain(self, before: Tap = unharmed, after: Tap = unharmed) -> None:
        """Workers take messages until the queue is empty or JOBS_A_DRAIN are done; what fails comes back."""
        for _ in range(JOBS_A_DRAIN):
            if not self.hints.queue:
                return
            hint = self.hints.queue.pop(0)
            self.clock.sleep(hint.delay_s * 1000)
            if not self.work(hint, before, after):
                self.hints.queue.append(hint)

    def tell(self, *, kinds: tuple[str, ...] = ("sent", "delivered")) -> None:
        """Everything that the provider has to say about the copies it accepted comes back, once more."""
        events: list[Event] = [copy.event(kind) for copy in self.delivered() for kind in kinds]
        recording.record(self.world(), events)

    def delivered(self) -> list[Copy]:
        """What the provider accepted and did not reject afterwards."""
        return [copy for copy in self.transports.accepted if copy.provider_id not in self.rejected]

    def tell_of(self, copy: Copy, kind: str) -> None:
        """One event about one copy, told twice. A provider rejects what it has said nothing else about, or nothing."""
        if (kind == "rejected") == (copy.provider_id in self.told):
            return
        (self.rejected if kind == "rejected" else self.told).add(copy.provider_id)
        recording.record(self.world(), [copy.event(kind)] * 2)

    def settle(self, *, evidence: bool = True, rounds: int = 60) -> None:
        """No more faults: sweeps, queue and events until nothing changes any more."""
        for _ in range(rounds):
            if evidence:
                self.tell()
            self.sweep()
            self.drain()
            if not self.tables.open_broadcasts and not self.hints.queue:
                return
            self.clock.sleep(60_000)

    def tally(self, broadcast_id: str) -> Tally:
        return broadcasting.progress(self.reader, broadcast_id).tally

    def copies(self) -> Counter[str]:
        """Copies per contact that were accepted and not rejected."""
        return Counter(copy.envelope.message.contact for copy in self.delivered())

    def change(self, contact_id: str, **fields: object) -> None:
        contact = self.tables.contacts[contact_id]
        self.tables.contacts[contact_id] = replace(contact, version=contact.version + 1, **fields)  # type: ignore[arg-type]


def _deliver(world: World, hint: Hint) -> list[Callable[[], None]]:
    broadcast_id, walker, numbers = hint.args
    return [lambda n=number: delivering.deliver(world, broadcast_id, walker, n) for number in numbers]


JOBS: dict[str, Callable[[World, Hint], list[Callable[[], None]]]] = {
    "plan": lambda world, hint: [lambda: planning.plan(world, *hint.args)],
    "tend": lambda world, hint: [lambda: tending.tend(world, *hint.args)],
    "deliver": _deliver,
    "merge": lambda world, hint: [lambda: merging.run(world, *hint.args)],
    "fill": lambda world, hint: [lambda: filling.run(world, *hint.args)],
    "preflight": lambda world, hint: [lambda: preflight.run(world, *hint.args)],
    "message": lambda world, hint: [lambda: messaging.deliver_message(world, *hint.args)],
}


def sums_up(tally: Tally) -> bool:
    parts = (tally.waiting, tally.calling, tally.sent, tally.failed, tally.in_doubt, tally.held, tally.cancelled)
    return tally.planned == sum(parts) + sum(tally.skipped.values()) and min(parts) >= 0


def twice(house: House) -> list[Copy]:
    """The copies of those who got more than one, and one more for each time that an operator forced it."""
    counts = house.copies()
    return [copy for copy in house.delivered() if counts[copy.envelope.message.contact] > 1 + forced(house, copy)]


def forced(house: House, copy: Copy) -> int:
    """How often the sending of this message was forced."""
    feedback = house.tables.facts.get(copy.envelope.message)
    return sum(1 for fact in feedback.facts if fact.event.kind == "resent") if feedback else 0
