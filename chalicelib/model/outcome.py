"""What became of one recipient in one call, and the sending faults. They never leave `work/`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The transport took it; `provider_id` is its own message id."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This message will never be taken (bad address, rejected content)."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not sent, and worth trying again (could not connect; `throttled` where we were too fast)."""

    reason: str
    throttled: bool = False


@dataclass(frozen=True, slots=True)
class InDoubt:
    """May have been sent: an answer was lost, a time-out after connecting, a 5xx."""

    reason: str


Outcome = Accepted | Refused | NotSent | InDoubt


class SendingFault(Exception):
    """What happened to a whole call. `reason` is shown to people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallRefused(SendingFault):
    """The call itself was malformed (BadRequest): nothing was sent; split it to find the culprit."""


class CallNotSent(SendingFault):
    """Nothing was sent; the same call may go through later."""


class CallThrottled(CallNotSent):
    """Nothing was sent: we are too fast."""


class CallInDoubt(SendingFault):
    """Nobody knows: evidence decides."""


class Halted(SendingFault):
    """Nothing was sent, and nothing will be until a person acts (or the day is over)."""


class LetterHalted(Halted):
    """The same for this letter alone (its From address, an attachment): another one may go."""


def not_sent(fault: SendingFault) -> NotSent:
    """A recipient's outcome where a call's fault says that nothing was sent."""
    return NotSent(fault.reason, throttled=isinstance(fault, CallThrottled))


def outcome_of(fault: SendingFault) -> Outcome:
    """What a call's fault means for each of its recipients."""
    if isinstance(fault, CallRefused):
        return Refused(fault.reason)
    return InDoubt(fault.reason) if isinstance(fault, CallInDoubt) else not_sent(fault)
