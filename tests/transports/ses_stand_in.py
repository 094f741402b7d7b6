"""SES for the contract: the simulator."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.transports.ses import SesTransport, sending_client
from local.ses import SimulatedSes
from local.ses_simulator.account import Limits
from local.ses_simulator.faults import Fault
from local.ses_simulator.letters import letter
from tests.transports.arrived import Arrived, lines

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGION = "us-east-1"


class SesStandIn:
    secrets = (SECRET,)

    def __init__(self, ses: SimulatedSes, timeout_ms: int):
        self._ses = ses
        self._timeout_ms = timeout_ms
        self.transport = self._at(ses.url)

    def arrived(self):
        copies = [letter(copy) for copy in self._ses.office.ledger.page(0, 1_000, None)]
        return [Arrived(each.to, each.subject, *map(lines, (each.html, each.text))) for each in copies]

    def trouble(self, what, at=0):
        faults = {
            "refused": Fault("entry_failure", status="MESSAGE_REJECTED", entries=(at,)),
            "throttled": Fault("throttle"),
            "lost": Fault("lost_answer"),
            "halted": Fault("error", code="InvalidSignatureException", message="No match.", http_status=403),
            "slow": Fault("slow_answer", ms=3 * self._timeout_ms),
        }
        self._ses.faults.add([faults[what]])

    def unreachable(self):
        return self._at("http://127.0.0.1:1")

    def _at(self, url: str) -> SesTransport:
        return SesTransport(sending_client(REGION, url, self._timeout_ms), "envoi", "main")


@contextmanager
def simulated_ses(timeout_ms: int) -> Iterator[SesStandIn]:
    with pytest.MonkeyPatch.context() as environment, SimulatedSes(limits=Limits(max_send_rate=1_000)) as ses:
        environment.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        environment.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        yield SesStandIn(ses, timeout_ms)
