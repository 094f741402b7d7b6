"""The providers of a chaos run on loopback: each takes letters, fails on demand, and tells of some of what it took."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from chalicelib.model.fact import Event
from chalicelib.transports.carried import brought_back
from local.client import Server
from local.home import Home
from local.inbox import Inbox
from local.providers.faults import Fault as ApiFault
from local.providers.inbox import Copy
from local.providers.mailjet import Mailjet
from local.providers.mandrill import Mandrill
from local.providers.sendgrid import SendGrid
from local.providers.stand_in import StandIn
from local.smtp_server import Fault as SmtpFault
from local.smtp_server import SmtpServer
from local.stack import SENDING_DOMAIN

Json = dict[str, Any]
SLOW_MS = 1_500
# Recipients a second: what limits the speed is this machine.
FAST = 500.0
HOUR_S = 3_600
# One in so many of the calls that go wrong is throttled, whatever the rate.
THROTTLED = 7
# Where a call is for fifty, and where it is for one: from, and below.
TOGETHER, ONE_EACH = (1, 8), (20, 200)
WORKSPACE = "main"
# What the simulator accepted and then did not mail.
NOT_MAILED = ("rejected", "rendering_failed")


class Carrier(ABC):
    """`name` is the transport's; `setup` and `secret` what the workspace is told of it."""

    name: str
    secret: str = ""
    # How many calls go by between two that go wrong, at random.
    apart: tuple[int, int] = TOGETHER

    @abstractmethod
    def setup(self) -> Json:
        """For `POST /v1/transports`, without its name."""

    def trouble(self, rng: Random) -> bool:
        """One of the next calls goes wrong. False where that is so already: what piled up while nobody calls would hit
        every call behind it, and the breaker would be all that is tried.
        """
        if self.awaited():
            return False
        self.spoil(rng, rng.randrange(*self.apart))
        return True

    @abstractmethod
    def awaited(self) -> bool:
        """Whether some call is still to go wrong."""

    @abstractmethod
    def spoil(self, rng: Random, skip: int) -> None:
        """The call behind `skip` others goes wrong."""

    @abstractmethod
    def calm(self) -> None:
        """No call goes wrong any more."""

    @abstractmethod
    def accepted(self) -> Counter[str]:
        """Copies that went out, by address."""

    def events(self) -> list[Event]:
        """What it has to tell since it was last asked; SES tells by its own road, SMTP not at all."""
        return []


@dataclass
class Ses(Carrier):
    home: Home
    name: str = "ses"

    def setup(self) -> Json:
        return {"provider": "ses"}

    def awaited(self) -> bool:
        return bool(self._server.ask("GET", "/faults").json())

    def spoil(self, rng: Random, skip: int) -> None:
        kinds: Sequence[Json] = (
            {"kind": "error_before"},
            {"kind": "error_after"},
            {"kind": "lost_answer"},
            {"kind": "reset_after"},
            {"kind": "reset_before"},
            {"kind": "garbled_answer"},
            {"kind": "short_answer"},
            {"kind": "slow_answer", "ms": SLOW_MS},
            {"kind": "entry_failure", "entries": [rng.randrange(3)]},
        )
        kind = {"kind": "throttle"} if rng.randrange(THROTTLED) == 0 else rng.choice(kinds)
        fault = kind | {"skip": skip}
        self._server.ask("POST", "/faults", json.dumps([fault]).encode(), {"Content-Type": "application/json"})

    def calm(self) -> None:
        self._server.ask("DELETE", "/faults")

    def accepted(self) -> Counter[str]:
        copies = Inbox(self.home.ses_url).copies()
        return Counter(copy.to.lower() for copy in copies if copy.family and copy.fate not in NOT_MAILED)

    @property
    def _server(self) -> Server:
        return Server(self.home.ses_url)


@dataclass
class Smtp(Carrier):
    server: SmtpServer
    name: str = "relay"
    apart: tuple[int, int] = ONE_EACH

    def setup(self) -> Json:
        place = {"host": "127.0.0.1", "port": self.server.port, "security": "plain"}
        return {"provider": "smtp", "settings": place | {"per_second": FAST}}

    def awaited(self) -> bool:
        return bool(self.server.faults.waiting())

    def spoil(self, rng: Random, skip: int) -> None:
        kinds = (
            SmtpFault("end", taken=True),
            SmtpFault("end", taken=True, how="reset"),
            SmtpFault("end"),
            SmtpFault("DATA", answer="451 4.3.0 Try again later"),
            SmtpFault("MAIL", answer="421 4.3.2 Closing"),
            SmtpFault("RCPT", answer="450 4.2.1 The mailbox is busy"),
            SmtpFault("RCPT", answer="550 5.1.1 No such user here"),
            SmtpFault("greeting"),
        )
        self.server.faults.add(replace(rng.choice(kinds), skip=skip))

    def calm(self) -> None:
        self.server.faults.clear()

    def accepted(self) -> Counter[str]:
        return Counter(to.lower() for message in list(self.server.taken) for to in message.recipients)


@dataclass
class Api(Carrier):
    """A provider with an HTTP API; what its webhook would tell is put where webhooks put it."""

    name: str
    stand_in: StandIn
    secret: str
    told: int = 0
    apart: tuple[int, int] = TOGETHER

    def setup(self) -> Json:
        settings = {"base_url": self.stand_in.url, "per_second": FAST}
        return {"provider": self.name, "settings": settings}

    def awaited(self) -> bool:
        return bool(self.stand_in.faults.waiting())

    def spoil(self, rng: Random, skip: int) -> None:
        kinds = (
            ApiFault("fail_after", status=500, body=b"{}"),
            ApiFault("lost_answer"),
            ApiFault("reset_after"),
            ApiFault("reset_before"),
            ApiFault("garbled_answer"),
            ApiFault("slow_answer", ms=SLOW_MS),
        )
        throttled = ApiFault("refuse", status=429, body=b"{}")
        kind = throttled if rng.randrange(THROTTLED) == 0 else rng.choice(kinds)
        self.stand_in.faults.add(replace(kind, skip=skip))

    def calm(self) -> None:
        self.stand_in.faults.clear()

    def accepted(self) -> Counter[str]:
        return Counter(_address(copy.letter.to) for copy in self.stand_in.inbox.copies())

    def events(self) -> list[Event]:
        copies = self.stand_in.inbox.copies()
        fresh, self.told = copies[self.told :], len(copies)
        numbered = enumerate(fresh, self.told - len(fresh))
        return [event for number, copy in numbered if (event := self._delivered(number, copy))]

    def _delivered(self, number: int, copy: Copy) -> Event | None:
        back = brought_back(copy.carried, WORKSPACE)
        if back is None:
            return None
        named = f"{self.name}-{number}-{copy.provider_id}"
        return Event(named, "delivered", back.message, back.email, _now(), attempt=back.attempt)


@contextmanager
def carriers(home: Home, names: Sequence[str]) -> Iterator[list[Carrier]]:
    with ExitStack() as standing:
        made: dict[str, Carrier] = {"ses": Ses(home)}
        if "smtp" in names:
            made["smtp"] = Smtp(standing.enter_context(SmtpServer()))
        for name, (kind, secret) in APIS.items():
            if name in names:
                made[name] = Api(name, standing.enter_context(kind(secret)), secret)
                made[name].apart = ONE_EACH if name == "mandrill" else TOGETHER
        yield [made[name] for name in names]


def _mandrill(key: str) -> Mandrill:
    """An account that may send as fast as this machine can."""
    made = Mandrill(key, SENDING_DOMAIN)
    made.info["hourly_quota"] = int(FAST * HOUR_S)
    return made


APIS: dict[str, tuple[Callable[[str], StandIn], str]] = {
    "sendgrid": (partial(SendGrid, domain=SENDING_DOMAIN), "SG.chaos"),
    "mailjet": (partial(Mailjet, domain=SENDING_DOMAIN), "public:private"),
    "mandrill": (_mandrill, "md-chaos"),
}
ALL = ("ses", "smtp", *APIS)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _address(to: str) -> str:
    """`a@b.example` of `Ann <a@b.example>`."""
    return to.rpartition("<")[2].rstrip("> ").lower()
