"""A provider with an HTTP API for the contract: what the stand-ins of SendGrid, Mailjet and Mandrill have alike."""

from dataclasses import replace

from chalicelib.transports.json_call import Api
from chalicelib.work.ports.transports import Transport
from local.providers.faults import Fault
from tests.transports.arrived import Arrived
from tests.transports.provider_letters import contents


class HttpStandIn:
    """`transport_class` takes a key, a workspace, the contents of attachments and an `api`; `throttled` and `halted`
    are how the provider takes nothing of a call.
    """

    transport_class: type
    api: Api
    key: str
    secrets: tuple[str, ...]
    throttled: Fault
    halted: Fault

    def __init__(self, provider, timeout_ms: int):
        self.provider = provider
        self._timeout_ms = timeout_ms
        self.transport = self._at(provider.url)

    def arrived(self):
        letters = [copy.letter for copy in self.provider.inbox.copies()]
        return [Arrived(each.to, each.subject, each.html, each.text) for each in letters]

    def trouble(self, what, at=0):
        if what == "refused":
            self.refuse(f"ann{at}@example.org")
            return
        faults = {
            "throttled": self.throttled,
            "halted": self.halted,
            "lost": Fault("lost_answer"),
            "slow": Fault("slow_answer", ms=3 * self._timeout_ms),
        }
        self.provider.faults.add(faults[what])

    def refuse(self, address: str) -> None:
        self.provider.refused.add(address)

    def unreachable(self):
        return self._at("http://127.0.0.1:1")

    def _at(self, url: str) -> Transport:
        api = replace(self.api, base_url=url, timeout_ms=self._timeout_ms)
        return self.transport_class(self.key, "main", contents, api=api)
