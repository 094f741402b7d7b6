"""Mailjet for the contract."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.transports.mailjet import API, MailjetTransport
from local.providers.faults import Fault
from local.providers.mailjet import Mailjet
from tests.transports.http_stand_in import HttpStandIn

PUBLIC, PRIVATE = "2f8a7f5a8a2b6a1c0d9e4f3b2a1c0d9e", "9c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f"
PAIR = f"{PUBLIC}:{PRIVATE}"
SPOKEN = base64.b64encode(PAIR.encode()).decode()
ECHOED = f'{{"ErrorIdentifier": "x", "StatusCode": 401, "ErrorMessage": "Who is {PAIR}, {SPOKEN}?"}}'.encode()


class MailjetStandIn(HttpStandIn):
    transport_class, api, key = MailjetTransport, API, PAIR
    secrets = (PRIVATE, SPOKEN)
    throttled = Fault("refuse", 429, b'{"StatusCode": 429, "ErrorMessage": "Too many requests"}')
    halted = Fault("refuse", 401, ECHOED)


@contextmanager
def mailjet(timeout_ms: int) -> Iterator[MailjetStandIn]:
    with Mailjet(PAIR) as provider:
        yield MailjetStandIn(provider, timeout_ms)
