"""A whole house of real parts, in a workspace of its own: real stores, queues, calls and events over the wire.

The test decides what happens when, as in `tests/work/sending/house.py`: which port call a worker dies at or loses the
answer of, when time passes, when events come back. Every queue message is worked on twice, every event told twice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from chalicelib.consuming import Answer, each, together
from chalicelib.model.broadcast import Tally
from chalicelib.model.contact import Contact
from chalicelib.model.ids import random_id
from chalicelib.model.message import message_key
from chalicelib.model.segment import Segment
from chalicelib.model.token import Signer
from chalicelib.store.hint import Plan, Tend, hint_of
from chalicelib.store.hints import HintsStore
from chalicelib.store.links import LinksOverHttp
from chalicelib.transports import providers, ses_events
from chalicelib.transports.attached import no_contents
from chalicelib.transports.sender_domains import SenderDomains
from chalicelib.transports.ses import SesTransport
from chalicelib.transports.standing import StandingTransports
from chalicelib.wiring import _stores
from chalicelib.work import broadcasting, emails, recording, sweeping
from chalicelib.work.broadcasting import Progress
from chalicelib.work.world import Timing, World
from tests.end_to_end.town import EVENTS, HINTED, Received, Town
from tests.fakes.account_list import FakeAccountList
from tests.fakes.faulty import Killed, LostAnswer, Tap, intercepted, unharmed
from tests.fakes.world import SIGNER, numbered_id

LIST = numbered_id(1, "list")
PEOPLE = 30
# Batches a drain takes: more than enough for this audience, and an end where a queue never empties.
BATCHES = 60
# Longer than a lease and the window for evidence after it.
STEP_MS = 1_100_000
ROUNDS = 6

NEWS = {
    "kind": "segment",
    "name": "News",
    "subject": "Hello {contactfield=firstname|you}",
    "from_address": "news@example.com",
    "html": '<p>Hello {contactfield=firstname|you}, <a href="https://example.com/">news</a></p>{unsubscribe_text}',
    "segments": [LIST],
}

_workspaces = count(1)


@dataclass(frozen=True)
class Records:
    """A batch of a queue, as Chalice hands it to a consumer."""

    messages: Sequence[Received]

    def to_dict(self) -> dict[str, Any]:
        return {"Records": [{"messageId": each.id, "body": each.body} for each in self.messages]}


@dataclass(frozen=True)
class Undelayed:
    """Real hints on the real queue, but the delay passes on the test's clock, when the queue is read next."""

    hints: HintsStore
    owed: list[int]

    def deliver(self, broadcast_id: str, walker: int, numbers: Sequence[int], delay_s: int = 0) -> None:
        self.owed.append(delay_s)
        self.hints.deliver(broadcast_id, walker, numbers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hints, name)


@dataclass
class House:
    town: Town
    people: int = PEOPLE
    seed: int = 0
    _owed: list[int] = field(default_factory=list)
    _seen: list[Received] = field(default_factory=list)
    _told: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.town.clean()
        self.workspace = f"house{next(_workspaces)}"
        self._signer = Signer(self.workspace, SIGNER.keys, SIGNER.hash_key)
        self._stores = _stores(self.town.connection, self.workspace, self._signer)
        self._stores["hints"] = Undelayed(self._stores["hints"], self._owed)
        self._random = Random(self.seed)  # the same shuffle in every run
        self._furnish()

    def _furnish(self) -> None:
        world = self.world()
        ids = [numbered_id(n, "contact") for n in range(self.people)]
        self.addresses = {each: f"person{n}@example.org" for n, each in enumerate(ids)}
        people = [
            (Contact(each, address, {"firstname": f"P{each[:3]}"}, frozenset({LIST})), self._hash(address))
            for each, address in self.addresses.items()
        ]
        assert world.contacts.create_many(people) == set(ids)
        assert world.segments.create(Segment(LIST, "All", size=self.people))
        world.segments.add_members(LIST, ids)
        self.email = emails.publish(world, emails.create(world, NEWS).id).email.id
        self.broadcast = broadcasting.create(world, self.email, None, None, None, skip_preflight=True).id

    def _hash(self, address: str) -> str:
        return self._signer.hashed("address", address)

    def _transports(self) -> StandingTransports:
        """SES alone, as where none is set up."""
        everyone = providers.House(
            lambda: SesTransport(self.town.sending, "envoi", self.workspace),
            self._signer,
            self.workspace,
            timeout_ms=10_000,
            contents=no_contents,
        )
        return StandingTransports(list, everyone, str, str)

    def world(self, before: Tap = unharmed, after: Tap = unharmed) -> World:
        """A worker's world: as `wiring.build` makes it, with the test's clock."""
        clock = self.town.clock
        world = World(
            **self._stores,
            links=LinksOverHttp("http://127.0.0.1:9", self.workspace),
            transports=self._transports(),
            sender_domains=SenderDomains(None, None),
            account_list=FakeAccountList(),
            signer=self._signer,
            base_url="https://mail.example.com",
            bucket_url="http://127.0.0.1:9",
            timing=Timing(),
            now=clock.now,
            sleep=clock.sleep,
            new_id=random_id,
            time_left=clock.time_left,
        )
        return intercepted(world, before, after)

    def drain(self, before: Tap = unharmed, after: Tap = unharmed) -> None:
        """Workers take batches of hints until the queues are empty; each batch is worked on twice."""
        for _ in range(BATCHES):
            batch = next(((queue, got) for queue in HINTED if (got := self.town.receive(queue))), None)
            if batch is None:
                return
            queue, messages = batch
            self.town.clock.sleep(max(self._owed, default=0) * 1_000)
            self._owed.clear()
            self._seen += messages
            failed = self._worked(messages, before, after)
            self._worked(messages[::-1], before, after)
            self.town.put_back(queue, [message for message in messages if message.id in failed])
            self.town.delete(queue, [message for message in messages if message.id not in failed])
        raise AssertionError(f"the queues are not empty after {BATCHES} batches")

    def work_again(self) -> None:
        """A worker gets every hint that came so far once more."""
        self._worked(self._seen)

    def replay(self) -> None:
        """Every hint that ever was comes again, planning first; then every event, in another order."""
        self._worked([message for message in self._seen if isinstance(hint_of(message.body), Plan | Tend)])
        self.work_again()
        self._record(self._told)
        self.drain()

    def hear(self, before: Tap = unharmed, after: Tap = unharmed) -> None:
        """What SES has told so far is recorded, each event twice and in an order of chance."""
        assert self.town.ses.settled()
        messages: list[Received] = []
        while got := self.town.receive(EVENTS):
            messages += got
        self._told += messages
        failed = self._record(messages, before, after)
        self.town.put_back(EVENTS, [message for message in messages if message.id in failed])
        self.town.delete(EVENTS, [message for message in messages if message.id not in failed])

    def sweep(self, before: Tap = unharmed, after: Tap = unharmed) -> None:
        try:
            sweeping.sweep(self.world(before, after))
        except (Killed, LostAnswer):
            return

    def minute(self, before: Tap = unharmed, after: Tap = unharmed, *, evidence: bool) -> None:
        """All that happens once: events, if they come, the sweep, the queues."""
        if evidence:
            self.hear(before, after)
        self.sweep(before, after)
        self.drain(before, after)

    def settle(self, *, evidence: bool) -> None:
        """No more faults: time passes until nothing changes any more."""
        for _ in range(ROUNDS):
            if evidence:
                self.hear()
            if self._rests():
                return
            self.minute(evidence=False)
            self.town.clock.sleep(STEP_MS)

    def _rests(self) -> bool:
        progress = self.progress()
        left = progress.tally.unsettled or progress.tally.calling
        return not left and (progress.broadcast.closed or bool(progress.tally.held))

    @property
    def locked(self) -> bool:
        """Whether the family is this broadcast's still."""
        return self.world().broadcasts.lock_holder(self.email) == self.broadcast

    def progress(self) -> Progress:
        return broadcasting.progress(self.world(), self.broadcast)

    def tally(self) -> Tally:
        return self.progress().tally

    def copies(self) -> Counter[str]:
        """Copies per contact, as the provider's inbox has them: each at its own contact's address."""
        found: Counter[str] = Counter()
        for letter in self.town.inbox():
            key = message_key(letter["tags"]["message"])
            assert (key.family, letter["to"]) == (self.email, self.addresses[key.contact])
            found[key.contact] += 1
        return found

    def counters(self) -> dict[str, int]:
        return self.world().facts.counters(self.email)

    def _worked(self, messages: Sequence[Received], before: Tap = unharmed, after: Tap = unharmed) -> set[str]:
        """A worker works on a batch; the ids of those that come again. A dead worker's all do."""
        from app import WORK  # noqa: PLC0415  # the one app of the process, made when it is needed

        world = self.world(before, after)
        try:
            return _failed(each(Records(messages), hint_of, lambda hint: WORK[type(hint)](world, hint)))
        except Killed:
            return {message.id for message in messages}

    def _record(self, messages: Sequence[Received], before: Tap = unharmed, after: Tap = unharmed) -> set[str]:
        twice = [*messages, *messages]
        self._random.shuffle(twice)
        world = self.world(before, after)
        try:
            answer = together(
                Records(twice),
                lambda body: ses_events.events(body, self.workspace),
                lambda events: recording.record(world, events),
            )
        except Killed:
            return {message.id for message in messages}
        return _failed(answer)


def _failed(answer: Answer) -> set[str]:
    return {each["itemIdentifier"] for each in answer["batchItemFailures"]}
