"""What must hold after every step, and what must hold in the end: the invariants of the design."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.compose.revision import Envelope
from chalicelib.model.broadcast import ENDED, Tally
from chalicelib.model.chunk import FAILED, HELD, SENT
from chalicelib.model.counters import recounted
from chalicelib.model.fact import EFFECTS, Event
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import Accepted, Outcome
from tests.fakes.transport import Copy
from tests.work.sending.house import House, sums_up

# Behind the commit of a pause or a cancellation no call starts later than this.
STOP_MS = 2_000
# How a template e-mail ends; a held one waits for somebody.
SETTLED = ("sent", "failed", "held")


class Broken(AssertionError):
    """A law that does not hold."""


@dataclass
class Laws:
    """`stopped` is when a broadcast was paused or cancelled by a person, `calls` which broadcast made a call, by its
    attempt, `late` which of them began when they should not, and `answered` whom a worker was told of that they were
    accepted, by attempt; `left` is who unsubscribed before any copy.
    """

    house: House
    stopped: dict[str, int] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    answered: set[tuple[str, str]] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    copies: Counter[MessageKey] = field(default_factory=Counter)

    def begins(self, envelopes: Sequence[Envelope]) -> None:
        """A call begins now. What is wrong with it `of_calls` tells, where no worker takes it for its own fault."""
        key, attempt, now = envelopes[0].message, envelopes[0].attempt, self.house.clock.now()
        if key.sending:
            return
        chunks = self.house.tables.chunks.values()
        maker = next((chunk for chunk in chunks if any(call.attempt == attempt for call in chunk.calls)), None)
        broadcast = maker.broadcast if maker else self.house.tables.locks.get(key.family, "")
        self.calls[attempt] = broadcast
        since = self.stopped.get(broadcast)
        if since is not None and now > since + STOP_MS:
            self.late.append(f"{broadcast} was stopped, and a call began {now - since} ms later")

    def ends(self, envelopes: Sequence[Envelope], outcomes: Sequence[Outcome]) -> None:
        """What a call answers; whoever does not hear it says `answered.clear()`."""
        pairs = zip(envelopes, outcomes, strict=True)
        accepted = (each for each, outcome in pairs if isinstance(outcome, Accepted) and not each.message.sending)
        self.answered |= {(each.attempt, each.message.contact) for each in accepted}

    def of_calls(self) -> None:
        """Behind each job: no call began too late, and those that it made have finished and are counted, whatever has
        become of the broadcast meanwhile.
        """
        self._hold(not self.late, "; ".join(self.late))
        fates = self._fates() if self.answered else {}
        for attempt, who in self.answered:
            fate = fates[self.calls[attempt], who]
            self._hold(fate == SENT, f"a call was answered that {who} is accepted, and {who} is counted as {fate!r}")
        self.answered.clear()

    def of_evidence(self, events: Sequence[Event]) -> None:
        """Behind a minute in which nothing broke: whoever is proved to have it is held no more."""
        fates = self._fates()
        for event in events:
            if event.attempt in self.calls and EFFECTS[event.kind].proves:
                fate = fates[self.calls[event.attempt], event.message.contact]
                self._hold(fate != HELD, f"{event.kind} was told of {event.message.contact}, who is held all the same")

    def of_copies(self, copies: list[Copy], rejected: set[str]) -> None:
        for copy in copies:
            key = copy.envelope.message
            # what a person said of marketing is not said of receipts
            self._hold(key.contact not in self.left or bool(key.sending), f"{key.contact} unsubscribed, and was mailed")
            if copy.provider_id in rejected:
                continue
            self.copies[key] += 1
            most = 1 + self._forced(key)
            self._hold(self.copies[key] <= most, f"{key} has {self.copies[key]} copies, and {most} at most")

    def of_broadcasts(self) -> None:
        for broadcast in list(self.house.tables.broadcasts.values()):
            tally = self.house.tally(broadcast.id)
            self._hold(sums_up(tally), f"{broadcast.id} does not add up: {tally}")
            if broadcast.state == "finished":
                self._hold(not tally.unsettled, f"{broadcast.id} says finished: {tally}")

    def in_the_end(self, rejected: set[str]) -> None:
        tables = self.house.tables
        tallies = {each: self.house.tally(each) for each in tables.broadcasts}
        for each in tables.broadcasts.values():
            tally = tallies[each.id]
            self._hold(each.state in ENDED, f"{each.id} never ends: {each.state} {tally}")
            self._hold(not tally.unsettled, f"{each.id} leaves somebody unaccounted for: {tally}")
            self._hold(each.closed == (not tally.held), f"{each.id} closed={each.closed} with {tally}")
        self._hold(not self.open_messages, f"template e-mails never end: {self.open_messages[:2]}")
        self._hold(tables.counters == recounted(tables.facts.values()), "counters are not what the facts say")
        self._planned_once()
        self._copies_counted(rejected)
        self._accounted(list(tallies.values()))

    @property
    def open_messages(self) -> list[Message]:
        """Template e-mails that are not settled."""
        rows = self.house.tables.messages.values()
        return [each for each in rows if each.key.sending and each.state not in SETTLED]

    def _planned_once(self) -> None:
        planned = Counter(
            (chunk.broadcast, who) for chunk in self.house.tables.chunks.values() for who in chunk.contacts
        )
        again = [key for key, times in planned.items() if times > 1]
        self._hold(not again, f"planned twice: {again[:3]}")

    def _accounted(self, tallies: list[Tally]) -> None:
        """Nobody counts as sent whom no provider ever took, unless somebody said so."""
        if any(each.what == "sent" for each in self.house.tables.decisions.values()):
            return
        accepted = {
            copy.envelope.message for copy in self.house.transports.accepted if not copy.envelope.message.sending
        }
        self._hold(sum(each.sent for each in tallies) <= len(accepted), "more are sent than any provider took")

    def _copies_counted(self, rejected: set[str]) -> None:
        """Whoever got a copy counts as sent; as failed where somebody gave them up whom nothing proved."""
        fates = self._fates()
        given_up = {each.about for each in self.house.tables.decisions.values() if each.what == "given_up"}
        for copy in self.house.transports.accepted:
            key = copy.envelope.message
            if key.sending or copy.provider_id in rejected or self._forced(key):
                continue
            broadcast = self.calls[copy.envelope.attempt]
            fate = fates[broadcast, key.contact]
            counted = fate == SENT or (fate == FAILED and broadcast in given_up)
            self._hold(counted, f"{key.contact} got a copy by {broadcast}, and is counted as {fate!r}")

    def _fates(self) -> dict[tuple[str, str], str]:
        """By broadcast and contact."""
        chunks = self.house.tables.chunks.values()
        return {
            (each.broadcast, who): fate for each in chunks for who, fate in zip(each.contacts, each.fates, strict=True)
        }

    def _forced(self, key: MessageKey) -> int:
        feedback = self.house.tables.facts.get(key)
        return sum(1 for fact in feedback.facts if fact.event.kind == "resent") if feedback else 0

    def _hold(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise Broken(otherwise)
