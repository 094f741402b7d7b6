"""Mailjet for the contract."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.transports.mailjet import API, MailjetTransport
from local.providers.faults import Fault
from local.providers.mailjet import Mailjet
from tests.transports.arrived import Arrived
from tests.transports.provider_letters import contents

PUBLIC, PRIVATE = "2f8a7f5a8a2b6a1c0d9e4f3b2a1c0d9e", "9c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f"
PAIR = f"{PUBLIC}:{PRIVATE}"
SPOKEN = base64.b64encode(PAIR.encode()).decode()
ECHOED = f'{{"ErrorIdentifier": "x", "StatusCode": 401, "ErrorMessage": "Who is {PAIR}, {SPOKEN}?"}}'.encode()


class MailjetStandIn:
    secrets = (PRIVATE, SPOKEN)

    def __init__(self, provider: Mailjet, timeout_ms: int):
        self.provider = provider
        self._timeout_ms = timeout_ms
        self.transport = self._at(provider.url)

    def arrived(self):
        letters = [copy.letter for copy in self.provider.inbox.copies()]
        return [Arrived(each.to, each.subject, each.html, each.text) for each in letters]

    def trouble(self, what, at=0):
        faults = {
            "throttled": Fault("refuse", 429, b'{"StatusCode": 429, "ErrorMessage": "Too many requests"}'),
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

    def _at(self, url: str) -> MailjetTransport:
        return MailjetTransport(PAIR, "main", contents, api=replace(API, base_url=url, timeout_ms=self._timeout_ms))


@contextmanager
def mailjet(timeout_ms: int) -> Iterator[MailjetStandIn]:
    with Mailjet(PAIR) as provider:
        yield MailjetStandIn(provider, timeout_ms)
