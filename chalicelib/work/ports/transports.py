"""What sends letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.outcome import Outcome
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.model.transport_setup import TransportSetup


class Transport(Protocol):
    """A way out. Each call is tried once: retrying is the work's business, never the client's."""

    name: str
    gives_evidence: bool
    # bytes of a whole message (`model/message_size.py`)
    largest: int

    def send(self, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER) -> Sequence[Outcome]:
        """One call for up to 50 recipients; an outcome for each, in their order. Where a provider takes one letter at
        a time none begins behind `begin_by` (epoch ms) but the first: it is NotSent. Raises CallRefused, CallNotSent,
        CallInDoubt or Halted for the call as a whole.
        """
        ...

    def quota(self) -> Quota:
        """The provider's live limits, at most some seconds old. Never raises."""
        ...


class Transports(Protocol):
    """A workspace's ways out, by their setups."""

    def setups(self) -> Sequence[TransportSetup]:
        """In their order, SES alone where none is set up; at most some seconds old."""
        ...

    def check(self, setup: TransportSetup) -> None:
        """Invalid names a setting that the provider does not have, or not with this value."""
        ...

    def secret(self, setup: TransportSetup) -> str:
        """The name of the SSM parameter that its secret is read from."""
        ...

    def send(
        self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER
    ) -> Sequence[Outcome]:
        """As `Transport.send`; a secret that cannot be had is a fault of the call."""
        ...

    def quota(self, setup: TransportSetup) -> Quota:
        """As `Transport.quota`."""
        ...
