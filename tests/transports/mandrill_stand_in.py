"""Mandrill for the contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.transports.mandrill import API, MandrillTransport
from local.providers.faults import Fault
from local.providers.mandrill import Mandrill
from tests.transports.arrived import Arrived
from tests.transports.provider_letters import contents

SECRET = "md-abc123_QeWkV7yXkq0xgQ"
ECHOED = f'{{"status": "error", "code": -1, "name": "Invalid_Key", "message": "Who is {SECRET}?"}}'.encode()


class MandrillStandIn:
    secrets = (SECRET,)

    def __init__(self, provider: Mandrill, timeout_ms: int):
        self.provider = provider
        self._timeout_ms = timeout_ms
        self.transport = self._at(provider.url)

    def arrived(self):
        letters = [copy.letter for copy in self.provider.inbox.copies()]
        return [Arrived(each.to, each.subject, each.html, each.text) for each in letters]

    def trouble(self, what, at=0):
        faults = {
            "throttled": Fault("refuse", 429, b"slow down"),
            "lost": Fault("lost_answer"),
            "halted": Fault("refuse", 500, ECHOED),
            "slow": Fault("slow_answer", ms=3 * self._timeout_ms),
        }
        if what == "refused":
            self.provider.rejected[f"ann{at}@example.org"] = "hard-bounce"
        else:
            self.provider.faults.add(faults[what])

    def unreachable(self):
        return self._at("http://127.0.0.1:1")

    def _at(self, url: str) -> MandrillTransport:
        return MandrillTransport(SECRET, "main", contents, api=replace(API, base_url=url, timeout_ms=self._timeout_ms))


@contextmanager
def mandrill(timeout_ms: int) -> Iterator[MandrillStandIn]:
    with Mandrill(SECRET) as provider:
        yield MandrillStandIn(provider, timeout_ms)
