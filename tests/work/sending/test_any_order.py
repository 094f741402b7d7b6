"""Anything at any time: queue messages doubled and shuffled, two workers in one moment, workers killed, answers lost,
throttling, pauses, a cancellation, people leaving, events late and twice. The invariants of the design hold throughout.
"""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.model.errors import Conflict
from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import CallInDoubt, CallNotSent, CallRefused, Halted, NotSent, Refused
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import broadcasting, deciding, recording
from tests.fakes.faulty import PortCall, Tap, at, kill, lose, unharmed
from tests.fakes.transport import accepted_then
from tests.fakes.world import numbered_id
from tests.work.sending.house import EMAIL, LIST, LIVE, OTHER, House, sums_up, twice

OLDER = numbered_id(1, "older family")

# The second stands by, and gives no evidence.
TWO = (TransportSetup("ses", "ses"), TransportSetup("backup", "smtp", 1, share=0))

AUDIENCES = st.sampled_from([(LIST,), (LIVE,), (OTHER, LIVE), (OTHER,)])
PICK = st.integers(0, 10_000)
NTH = st.integers(1, 25)

TROUBLES = {
    "throttled": lambda: CallNotSent("throttled"),
    "refused": lambda: CallRefused("BadRequest"),
    "lost before": lambda: CallInDoubt("time-out"),
    "lost after": lambda: accepted_then(CallInDoubt("reset")),
    "halted": lambda: Halted("the day's quota is used up"),
}


class Sending(RuleBasedStateMachine):
    @initialize(people=st.integers(0, 130), rate=st.sampled_from([1, 14, 60, 500]), two=st.booleans())
    def furnish(self, people: int, rate: int, two: bool) -> None:
        self.house = House(people)
        if two:
            self.house.tables.shelves["transport_setups"] |= {each.id: each for each in TWO}
        self.house.transport.limits = type(self.house.transport.limits)(rate, -1, 0)
        self.left_before_reads: set[str] = set()
        self.given_up = self.resent = False

    @rule(segments=AUDIENCES, exclude=st.sampled_from([(), (OTHER,)]))
    def broadcast(self, segments: tuple[str, ...], exclude: tuple[str, ...]) -> None:
        try:
            self.house.broadcast(*segments, exclude=exclude)
        except Conflict:
            assert EMAIL in self.house.tables.locks

    @precondition(lambda self: self.house.hints.queue)
    @rule(pick=PICK, keep=st.booleans())
    def work(self, pick: int, keep: bool) -> None:
        """A worker takes any message of the queue; `keep` delivers it once more later."""
        self._take(pick, keep, unharmed, unharmed)

    @precondition(lambda self: self.house.hints.queue)
    @rule(pick=PICK, nth=NTH, fault=st.sampled_from([kill, lose]), before=st.booleans())
    def work_and_die(self, pick: int, nth: int, fault: Tap, before: bool) -> None:
        tap = at(nth, fault)
        self._take(pick, True, tap if before else unharmed, unharmed if before else tap)

    @precondition(lambda self: len(self.house.hints.queue) > 1)
    @rule(pick=PICK, other=PICK, nth=NTH, before=st.booleans())
    def two_at_once(self, pick: int, other: int, nth: int, before: bool) -> None:
        """In the middle of one job another worker does the whole of another one (or of the same)."""

        def interrupt(_call: PortCall) -> None:
            if self.house.hints.queue:
                self._take(other, True, unharmed, unharmed)

        tap = at(nth, interrupt)
        self._take(pick, True, tap if before else unharmed, unharmed if before else tap)

    @rule(trouble=st.sampled_from(sorted(TROUBLES)), name=st.sampled_from([each.id for each in TWO]))
    def trouble_ahead(self, trouble: str, name: str) -> None:
        self.house.transports.of(name).script.append(TROUBLES[trouble]())

    @precondition(lambda self: self.house.people)
    @rule(pick=PICK, outcome=st.sampled_from([Refused("bad address"), NotSent("TRANSIENT_FAILURE"), None]))
    def address_with_a_fate(self, pick: int, outcome: object) -> None:
        address = f"person{pick % len(self.house.people)}@example.com"
        if outcome is None:
            self.house.transport.outcomes.pop(address, None)
        else:
            self.house.transport.outcomes[address] = outcome

    @rule(seconds=st.sampled_from([1, 3, 61, 200, 1_100, 4_000]))
    def time_passes(self, seconds: int) -> None:
        self.house.clock.sleep(seconds * 1000)

    @rule(evidence=st.booleans())
    def a_quiet_hour(self, evidence: bool) -> None:
        """Nothing breaks for a while: what runs comes to its end, and the family may be free for another broadcast."""
        self.house.settle(evidence=evidence, rounds=30)

    @rule(nth=NTH, die=st.booleans())
    def sweep(self, nth: int, die: bool) -> None:
        self.house.sweep(at(nth, kill) if die else unharmed)

    @precondition(lambda self: self.house.tables.broadcasts)
    @rule(pick=PICK, verb=st.sampled_from([broadcasting.pause, broadcasting.resume, broadcasting.cancel]))
    def operate(self, pick: int, verb: object) -> None:
        ids = sorted(self.house.tables.broadcasts)
        try:
            verb(self.house.world(), ids[pick % len(ids)])
        except Conflict:
            return

    @precondition(lambda self: self.house.tables.broadcasts)
    @rule(pick=PICK, what=st.sampled_from(["sent", "given_up", "resend"]), nth=NTH, die=st.booleans())
    def decide(self, pick: int, what: str, nth: int, die: bool) -> None:
        """An operator's word about whoever is held; the worker that applies it may die."""
        ids = sorted(self.house.tables.broadcasts)
        try:
            deciding.decide(self.house.world(), ids[pick % len(ids)], deciding.Word(what, force=True))
        except Conflict:
            return
        self.given_up = self.given_up or what != "resend"
        self.resent = self.resent or what == "resend"
        self.house.work(self.house.hints.queue[-1], unharmed, at(nth, kill) if die else unharmed)

    @precondition(lambda self: self.house.transports.accepted)
    @rule(pick=PICK, kind=st.sampled_from(["sent", "delivered", "bounced", "complained", "rejected", "opened"]))
    def tell(self, pick: int, kind: str) -> None:
        accepted = self.house.transports.accepted
        self.house.tell_of(accepted[pick % len(accepted)], kind)

    @precondition(lambda self: self.house.people)
    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        """Somebody unsubscribes by an older mail: committed now, so no call whose reads begin later may mail them."""
        contact = self.house.people[pick % len(self.house.people)]
        key = MessageKey(contact, OLDER)
        event = Event(f"leave {contact}", "unsubscribed", key, EMAIL, self.house.clock.now())
        recording.record(self.house.world(), [event])
        if contact not in self.house.copies():
            self.left_before_reads.add(contact)

    @precondition(lambda self: self.house.people)
    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        self.house.tables.contacts.pop(self.house.people[pick % len(self.house.people)], None)

    @invariant()
    def nobody_gets_two(self) -> None:
        assert not twice(self.house)

    @invariant()
    def the_sums_add_up(self) -> None:
        for broadcast_id in self.house.tables.broadcasts:
            assert sums_up(self.house.tally(broadcast_id))

    @invariant()
    def whoever_left_is_left_alone(self) -> None:
        assert not self.left_before_reads & set(self.house.copies())

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        house = self.house
        for each in house.transports.named.values():
            each.script.clear()
        house.transport.outcomes.clear()
        house.transport.limits = type(house.transport.limits)(500, -1, 0)
        for each in house.tables.broadcasts.values():
            if each.state == "paused":
                broadcasting.resume(house.world(), each.id)
        house.settle()
        for each in list(house.tables.broadcasts.values()):
            tally = house.tally(each.id)
            assert each.state in ("finished", "cancelled"), (each, tally)
            assert tally.unsettled == 0, (each, tally)
            assert each.closed == (not tally.held), (each, tally)
        self.nobody_gets_two()
        self.the_sums_add_up()
        self.sent_is_what_was_accepted()

    def sent_is_what_was_accepted(self) -> None:
        """With all evidence told, exactly those who got a copy count as sent, and perhaps those whose copy was
        accepted by an answer that we got, and rejected later. An operator's word may say otherwise.
        """
        if self.given_up:
            return
        house = self.house
        tallies = [house.tally(each) for each in house.tables.broadcasts]
        accepted = {copy.envelope.message.contact for copy in house.transports.accepted}
        sent = sum(tally.sent for tally in tallies)
        assert sent <= len(accepted)
        # whoever was to be mailed again and then left, or was cancelled, may have the first copy
        assert self.resent or len(house.copies()) <= sent

    def _take(self, pick: int, keep: bool, before: Tap, after: Tap) -> None:
        queue = self.house.hints.queue
        hint = queue[pick % len(queue)] if keep else queue.pop(pick % len(queue))
        if not self.house.work(hint, before, after) and not keep:
            queue.append(hint)


Sending.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestSending = Sending.TestCase
