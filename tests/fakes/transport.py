"""A way out that keeps every accepted copy, and can tell what would come back about it."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.fact import Event, Kind
from chalicelib.model.outcome import Accepted, InDoubt, Outcome
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.model.transport_setup import DEFAULT, TransportSetup, ordered
from chalicelib.transports.providers import check
from tests.fakes.clock import Clock


@dataclass(frozen=True)
class Copy:
    """What the provider accepted: what a recipient would find in the inbox."""

    provider_id: str
    revision: Revision
    envelope: Envelope
    at: int

    def event(self, kind: Kind, *, source: str = "", link: int | None = None, at: int | None = None) -> Event:
        """`source` tells two events of one kind apart."""
        return Event(
            id=f"{self.provider_id}-{kind}{source}",
            kind=kind,
            message=self.envelope.message,
            email=self.revision.email,
            at=self.at if at is None else at,
            attempt=self.envelope.attempt,
            address=self.envelope.address,
            link=link,
            provider_id=self.provider_id,
        )


Answer = Callable[["FakeTransport", Revision, Sequence[Envelope]], Sequence[Outcome]]


@dataclass
class FakeTransport:
    """`script` holds answers for the next calls, first to last; without one a call is accepted, except that
    `outcomes` says what becomes of an address. An address whose outcome is InDoubt is accepted all the same
    if it is in `secretly`. `calls` are all calls, as (time, number of recipients).
    """

    clock: Clock
    name: str = "fake"
    limits: Quota = field(default_factory=lambda: Quota(per_second=200, per_day=-1, sent_today=0))
    script: deque[Answer | Exception] = field(default_factory=deque)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    secretly: set[str] = field(default_factory=set)
    accepted: list[Copy] = field(default_factory=list)
    calls: list[tuple[int, int]] = field(default_factory=list)

    def send(self, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER) -> Sequence[Outcome]:
        assert self.clock.now() <= begin_by
        assert 0 < len(envelopes) <= 50
        self.calls.append((self.clock.now(), len(envelopes)))
        answer = self.script.popleft() if self.script else FakeTransport.accept
        if isinstance(answer, Exception):
            raise answer
        return answer(self, revision, envelopes)

    def quota(self) -> Quota:
        return self.limits

    def accept(self, revision: Revision, envelopes: Sequence[Envelope]) -> list[Outcome]:
        return [self._outcome(revision, envelope) for envelope in envelopes]

    def events(self, kind: Kind) -> list[Event]:
        """One event of this kind for every accepted copy."""
        return [copy.event(kind) for copy in self.accepted]

    def _outcome(self, revision: Revision, envelope: Envelope) -> Outcome:
        outcome = self.outcomes.get(envelope.address)
        if outcome is None or (isinstance(outcome, InDoubt) and envelope.address in self.secretly):
            provider_id = f"{self.name}-{len(self.accepted) + 1:08d}"
            self.accepted.append(Copy(provider_id, revision, envelope, self.clock.now()))
            return outcome or Accepted(provider_id)
        return outcome


@dataclass
class FakeTransports:
    """One FakeTransport for each name, made when it is first asked for; `first` is where nothing is set up."""

    clock: Clock
    rows: dict[str, TransportSetup] = field(default_factory=dict)
    named: dict[str, FakeTransport] = field(default_factory=dict)

    @property
    def first(self) -> FakeTransport:
        return self.of(DEFAULT.id)

    @property
    def accepted(self) -> list[Copy]:
        """Of all of them."""
        return [copy for each in self.named.values() for copy in each.accepted]

    def of(self, name: str) -> FakeTransport:
        return self.named.setdefault(name, FakeTransport(self.clock, name))

    def setups(self) -> Sequence[TransportSetup]:
        return ordered(self.rows.values())

    def check(self, setup: TransportSetup) -> None:
        check(setup)

    def secret(self, setup: TransportSetup) -> str:
        return f"/envoi/main/transports/{setup.id}"

    def send(
        self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER
    ) -> Sequence[Outcome]:
        return self.of(setup.id).send(revision, envelopes, begin_by)

    def quota(self, setup: TransportSetup) -> Quota:
        return self.of(setup.id).quota()


def accepted_then(fault: Exception) -> Answer:
    """A script entry: all copies are accepted, and then the call fails (a lost answer)."""

    def answer(transport: FakeTransport, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        transport.accept(revision, envelopes)
        raise fault

    return answer


def answered(*outcomes: Outcome) -> Answer:
    """A script entry: these outcomes, in order; Accepted entries are kept as copies under a provider id."""

    def answer(transport: FakeTransport, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        pairs = zip(outcomes, envelopes, strict=True)
        return [transport.accept(revision, [e])[0] if isinstance(o, Accepted) else o for o, e in pairs]

    return answer
