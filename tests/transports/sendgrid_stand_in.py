"""SendGrid for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.transports.sendgrid import API, SendGridTransport
from local.providers.faults import Fault
from local.providers.sendgrid import SendGrid
from tests.transports.http_stand_in import HttpStandIn

SECRET = "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"
ECHOED = b'{"errors": [{"message": "Who is %s?", "field": null, "help": null}]}' % SECRET.encode()


class SendGridStandIn(HttpStandIn):
    transport_class, api, key = SendGridTransport, API, SECRET
    secrets = (SECRET,)
    throttled = Fault("refuse", 429, b'{"errors": [{"message": "too many requests", "field": null}]}')
    halted = Fault("refuse", 401, ECHOED)


@contextmanager
def sendgrid(timeout_ms: int) -> Iterator[SendGridStandIn]:
    with SendGrid(SECRET) as provider:
        yield SendGridStandIn(provider, timeout_ms)
