"""What every transport keeps, asked of each against a stand-in for its provider that speaks the wire on loopback.

To add a transport: write a stand-in (see `smtp_stand_in.py`) and add its line to `STAND_INS`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.outcome import (
    CallInDoubt,
    CallNotSent,
    CallRefused,
    Halted,
    InDoubt,
    NotSent,
    Outcome,
    Refused,
)
from chalicelib.work.ports.transports import Transport
from tests.transports.arrived import Arrived
from tests.transports.mailjet_stand_in import mailjet
from tests.transports.mandrill_stand_in import mandrill
from tests.transports.sendgrid_stand_in import sendgrid
from tests.transports.ses_stand_in import simulated_ses
from tests.transports.smtp_stand_in import smtp_server

# Of every transport under test: how long a call may take, where nothing is slow, and where something is. Milliseconds.
TIMEOUT_MS, SLOW_MS = 10_000, 1_000

Trouble = Literal[
    "refused",  # the provider refuses one recipient's message for good, and takes the others
    "throttled",  # it takes nothing of the next call and says: later
    "lost",  # it takes what it is given, and its answer is lost
    "halted",  # it takes nothing until a person acts; if it can, it repeats in its answer what it was given as secret
    "slow",  # it answers the next call long after the call's time
]


class StandIn(Protocol):
    """`secrets` are what the transport was given and nobody may see. `trouble` befalls what is sent next; `at` is the
    position of the recipient whom it concerns ("refused"), whose address is `ann<at>@example.org`.
    """

    transport: Transport
    secrets: tuple[str, ...]

    def arrived(self) -> Sequence[Arrived]: ...
    def trouble(self, what: Trouble, at: int = 0) -> None: ...
    def unreachable(self) -> Transport:
        """The same transport where nobody listens."""
        ...


# By name: what starts the stand-in, with a transport whose calls may take so many milliseconds.
STAND_INS: dict[str, Callable[[int], AbstractContextManager[StandIn]]] = {
    "ses": simulated_ses,
    "smtp": smtp_server,
    "sendgrid": sendgrid,
    "mailjet": mailjet,
    "mandrill": mandrill,
}


def told(transport: Transport, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
    """As the work takes it: an outcome for each, a call's fault for all, and a refused call split until the culprit
    stands alone (`work/delivering.py`).
    """
    try:
        return transport.send(revision, envelopes)
    except CallRefused as fault:
        if len(envelopes) == 1:
            return [Refused(fault.reason)]
        half = len(envelopes) // 2
        return [*told(transport, revision, envelopes[:half]), *told(transport, revision, envelopes[half:])]
    except (CallNotSent, Halted) as fault:
        return [NotSent(fault.reason)] * len(envelopes)
    except CallInDoubt as fault:
        return [InDoubt(fault.reason)] * len(envelopes)
