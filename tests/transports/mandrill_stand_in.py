"""Mandrill for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.transports.mandrill import API, MandrillTransport
from local.providers.faults import Fault
from local.providers.mandrill import Mandrill
from tests.transports.http_stand_in import HttpStandIn

SECRET = "md-abc123_QeWkV7yXkq0xgQ"
ECHOED = f'{{"status": "error", "code": -1, "name": "Invalid_Key", "message": "Who is {SECRET}?"}}'.encode()


class MandrillStandIn(HttpStandIn):
    transport_class, api, key = MandrillTransport, API, SECRET
    secrets = (SECRET,)
    throttled = Fault("refuse", 429, b"slow down")
    halted = Fault("refuse", 500, ECHOED)

    def refuse(self, address):
        self.provider.rejected[address] = "hard-bounce"


@contextmanager
def mandrill(timeout_ms: int) -> Iterator[MandrillStandIn]:
    with Mandrill(SECRET) as provider:
        yield MandrillStandIn(provider, timeout_ms)
