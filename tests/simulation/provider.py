"""The providers' side: what they have accepted, and what they tell of it: late, twice, in any order, or never."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.fact import Event, Kind
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallNotSent,
    CallRefused,
    Halted,
    NotSent,
    Outcome,
    Refused,
    SendingFault,
    outcome_of,
)
from chalicelib.model.pacing import WHENEVER
from chalicelib.model.transport_setup import EVIDENCE, TransportSetup
from tests.fakes.transport import Answer, Copy, FakeTransports, accepted_then

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
DELAYS = (0, 2 * SECOND, 40 * SECOND, 5 * MINUTE, 3 * HOUR, 9 * HOUR)
# Those that have no call for several recipients.
APART = frozenset({"mandrill"})
# Whatever may happen to a call, by what the trace calls it.
TROUBLES = {
    "throttled": lambda: CallNotSent("throttled"),
    "malformed": lambda: CallRefused("BadRequest"),
    "lost before": lambda: CallInDoubt("time-out"),
    "lost after": lambda: accepted_then(CallInDoubt("reset")),
    "halted": lambda: Halted("the day's quota is used up"),
}


@dataclass
class Watched:
    """The way out; each call is told to `begins` when it begins, and its answer to `ends`. Where a provider takes one
    letter at a time each begins by itself, and `between` two of them anything may happen.
    """

    transports: FakeTransports
    begins: Callable[[Sequence[Envelope]], None]
    ends: Callable[[Sequence[Envelope], Sequence[Outcome]], None]
    between: Callable[[], None]

    def send(
        self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER
    ) -> Sequence[Outcome]:
        if setup.provider in APART:
            outcomes = self._one_each(setup, revision, envelopes, begin_by)
        else:
            self.begins(envelopes)
            outcomes = self.transports.send(setup, revision, envelopes, begin_by)
        self.ends(envelopes, outcomes)
        return outcomes

    def _one_each(
        self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope], begin_by: int
    ) -> Sequence[Outcome]:
        """As `transports/one_each.py`, one after the other."""
        outcomes: list[Outcome] = []
        for each in envelopes:
            if outcomes:
                self.between()
                if not isinstance(outcomes[-1], Accepted | Refused) or self.transports.clock.now() > begin_by:
                    break
            self.begins([each])
            try:
                outcomes += self.transports.send(setup, revision, [each], begin_by)
            except SendingFault as fault:
                if not outcomes and isinstance(fault, CallNotSent | Halted):
                    raise
                outcomes.append(outcome_of(fault))
        return outcomes + [NotSent("too late")] * (len(envelopes) - len(outcomes))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transports, name)


@dataclass
class Provider:
    """`rejected` are copies that were accepted and never mailed; `coming` are events by when they arrive."""

    rng: Random
    transports: FakeTransports
    rejected: set[str] = field(default_factory=set)
    coming: list[tuple[int, Event]] = field(default_factory=list)
    _told: dict[str, int] = field(default_factory=dict)

    def trouble(self, name: str, transport: str) -> None:
        answer: Answer | Exception = TROUBLES[name]()
        self.transports.of(transport).script.append(answer)

    def calm(self) -> None:
        """No trouble any more."""
        for each in self.transports.named.values():
            each.script.clear()
            each.outcomes.clear()

    def fresh(self) -> list[Copy]:
        """The copies accepted since it was last asked; what will be told of them is settled now."""
        found: list[Copy] = []
        for name, transport in sorted(self.transports.named.items()):
            found += transport.accepted[self._told.get(name, 0) :]
            self._told[name] = len(transport.accepted)
        for copy in found:
            self._foretell(copy)
        return found

    def arrived(self, now: int, *, all_of_them: bool = False) -> list[Event]:
        """Some of what has come by now, in any order; what is not taken comes again."""
        come = [event for at, event in self.coming if all_of_them or at <= now]
        self.rng.shuffle(come)
        return come if all_of_them else come[: self.rng.randint(0, len(come))]

    def taken(self, events: list[Event]) -> None:
        """Recorded: they come no more, but for those that are told once more."""
        gone = {(event.kind, event.id) for event in events}
        again = [(at + HOUR, event) for at, event in self.coming if self._is_one_of(event, gone) and self._one_in(6)]
        self.coming = [(at, event) for at, event in self.coming if not self._is_one_of(event, gone)] + again

    def _foretell(self, copy: Copy) -> None:
        setup = self._setup(copy)
        if not EVIDENCE[setup.provider if setup else "ses"]:
            return
        if self._one_in(25):
            self.rejected.add(copy.provider_id)
            self._tell(copy, "rejected")
            return
        self._tell(copy, "sent")
        self._tell(copy, "soft_bounced" if self._one_in(12) else "bounced" if self._one_in(12) else "delivered")
        if self._one_in(4):
            self._tell(copy, "opened")

    def _tell(self, copy: Copy, kind: Kind) -> None:
        for _ in range(2 if self._one_in(5) else 1):
            self.coming.append((copy.at + self.rng.choice(DELAYS), copy.event(kind)))

    def _setup(self, copy: Copy) -> TransportSetup | None:
        name = copy.provider_id.rpartition("-")[0]
        return next((each for each in self.transports.setups() if each.id == name), None)

    def _one_in(self, number: int) -> bool:
        return self.rng.randrange(number) == 0

    @staticmethod
    def _is_one_of(event: Event, names: set[tuple[str, str]]) -> bool:
        return (event.kind, event.id) in names
