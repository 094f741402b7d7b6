"""The providers' webhooks, as the API takes them: who has one, by what secret it is checked, what it tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from chalicelib.model.errors import NotFound
from chalicelib.model.fact import Event
from chalicelib.model.outcome import Halted
from chalicelib.transports import mailjet_events, mandrill_events, sendgrid_events
from chalicelib.transports.sns_hook import SnsHook
from chalicelib.transports.webhooks import Unverified

# A secret that is not there is not asked for again so soon: anybody can post, and SSM takes 40 requests a second.
ABSENT_S = 60.0
SES = "ses"


class Read(Protocol):
    """How a provider's webhook is checked and read; Unverified where the proof is missing or wrong."""

    def __call__(
        self, headers: Mapping[str, str], body: bytes, url: str, *, secret: str, workspace: str, now: int
    ) -> list[Event]: ...


READS: Mapping[str, Read] = MappingProxyType(
    {
        "sendgrid": sendgrid_events.events,
        "mailjet": mailjet_events.events,
        "mandrill": mandrill_events.events,
    }
)


class Hooks:
    """`secret` reads an SSM parameter: a webhook is set up once `/<prefix>/<workspace>/hooks/<transport>` is there.
    Its URL is `<base_url>/hooks/<transport>`. `clock` gives epoch seconds. `sns` is there where topics may speak
    (`<base_url>/hooks/ses`): they sign, and need no secret.
    """

    def __init__(
        self,
        secret: Callable[[str], str],
        prefix: str,
        workspace: str,
        base_url: str,
        clock: Callable[[], float] = time.time,
        sns: SnsHook | None = None,
    ) -> None:
        self._sns = sns
        self._secret = secret
        self._prefix = prefix
        self._workspace = workspace
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._absent_until: dict[str, float] = {}

    def knows(self, transport: str) -> bool:
        return transport in READS or (transport == SES and self._sns is not None)

    def read(self, transport: str, headers: Mapping[str, str], body: bytes, now: int) -> list[Event] | None:
        """The events of a POST; None where its proof is missing or wrong. NotFound where there is no such webhook, or
        none is set up; CallNotSent where SSM or SNS does not answer.
        """
        if not self.knows(transport):
            raise NotFound(f"There is no webhook {transport[:60]!r}.")
        if transport == SES and self._sns is not None:
            return self._signed(self._sns, body)
        secret, url = self._known(transport), f"{self._base_url}/hooks/{transport}"
        try:
            return READS[transport](headers, body, url, secret=secret, workspace=self._workspace, now=now)
        except Unverified:
            return None

    def _signed(self, sns: SnsHook, body: bytes) -> list[Event] | None:
        try:
            return sns.read(body, self._workspace)
        except Unverified:
            return None

    def _known(self, transport: str) -> str:
        if self._clock() < self._absent_until.get(transport, 0.0):
            raise NotFound(f"The webhook {transport!r} is not set up.")
        try:
            return self._secret(f"/{self._prefix}/{self._workspace}/hooks/{transport}")
        except Halted as fault:
            self._absent_until[transport] = self._clock() + ABSENT_S
            raise NotFound(f"The webhook {transport!r} is not set up. {fault.reason}") from fault
