"""A process's ways out: read from their setups now and then, each made at its first call.

Whoever never sends waits for no client. A setup that was changed, and a secret that was, make their transport anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.outcome import Outcome, SendingFault
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.model.transport_setup import TransportSetup, ordered
from chalicelib.transports.providers import House, Transport, check, made

# How old setups may be, in seconds.
SETUPS_S = 10.0
# What is assumed of a transport that cannot be made now: why, its first call says.
UNKNOWN = Quota(per_second=10, per_day=-1, sent_today=0)


@dataclass(frozen=True, slots=True)
class Standing:
    """`secret` is what the transport was made with."""

    setup: TransportSetup
    secret: str
    transport: Transport


class StandingTransports:
    """`read` gives all setups of the workspace, `secret` reads an SSM parameter (`Secrets.read`), `place` names it by
    the setup's name. `clock` gives wall-clock seconds.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[TransportSetup]],
        house: House,
        secret: Callable[[str], str],
        place: Callable[[str], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._read = read
        self._house = house
        self._secret = secret
        self._place = place
        self._clock = clock
        self._setups: tuple[TransportSetup, ...] = ()
        self._read_at = float("-inf")
        self._standing: dict[str, Standing] = {}

    def setups(self) -> Sequence[TransportSetup]:
        if self._clock() - self._read_at > SETUPS_S:
            self._setups = ordered(self._read())
            self._read_at = self._clock()
        return self._setups

    def check(self, setup: TransportSetup) -> None:
        check(setup)

    def secret(self, setup: TransportSetup) -> str:
        return self._place(setup.id)

    def send(
        self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER
    ) -> Sequence[Outcome]:
        return self._made(setup).send(revision, envelopes, begin_by)

    def quota(self, setup: TransportSetup) -> Quota:
        try:
            return self._made(setup).quota()
        except SendingFault:
            return UNKNOWN

    def _made(self, setup: TransportSetup) -> Transport:
        """The secret is asked for where the provider needs it to be made: SMTP asks when it logs in."""
        before = self._standing.get(setup.id)
        if before is not None and before.setup == setup and (not before.secret or before.secret == self._value(setup)):
            return before.transport
        asked: list[str] = []

        def secret() -> str:
            asked[:] = [self._value(setup)]
            return asked[0]

        transport = made(setup, self._house, secret)
        self._standing[setup.id] = Standing(setup, asked[0] if asked else "", transport)
        return transport

    def _value(self, setup: TransportSetup) -> str:
        return self._secret(self._place(setup.id))
