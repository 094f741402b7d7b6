"""SendGrid for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.transports.sendgrid import API, SendGridTransport
from local.providers.faults import Fault
from local.providers.sendgrid import SendGrid
from tests.transports.arrived import Arrived
from tests.transports.provider_letters import contents

SECRET = "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"
ECHOED = b'{"errors": [{"message": "Who is %s?", "field": null, "help": null}]}' % SECRET.encode()


class SendGridStandIn:
    secrets = (SECRET,)

    def __init__(self, provider: SendGrid, timeout_ms: int):
        self.provider = provider
        self._timeout_ms = timeout_ms
        self.transport = self._at(provider.url)

    def arrived(self):
        letters = [copy.letter for copy in self.provider.inbox.copies()]
        return [Arrived(each.to, each.subject, each.html, each.text) for each in letters]

    def trouble(self, what, at=0):
        faults = {
            "throttled": Fault("refuse", 429, b'{"errors": [{"message": "too many requests", "field": null}]}'),
            "lost": Fault("lost_answer"),
            "halted": Fault("refuse", 401, ECHOED),
            "slow": Fault("slow_answer", ms=3 * self._timeout_ms),
        }
        if what == "refused":
            self.provider.refused.add(f"ann{at}@example.org")
        else:
            self.provider.faults.add(faults[what])

    def unreachable(self):
        return self._at("http://127.0.0.1:1")

    def _at(self, url: str) -> SendGridTransport:
        return SendGridTransport(SECRET, "main", contents, api=replace(API, base_url=url, timeout_ms=self._timeout_ms))


@contextmanager
def sendgrid(timeout_ms: int) -> Iterator[SendGridStandIn]:
    with SendGrid(SECRET) as provider:
        yield SendGridStandIn(provider, timeout_ms)
