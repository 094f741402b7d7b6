"""A transport as a workspace has set it up: its provider, its place among the others, its share and its limits.

No secret is here: a setup's secret is an SSM parameter, found by the setup's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from chalicelib.model.chunk import CHUNK
from chalicelib.model.message_size import LARGEST

Provider = Literal["ses", "smtp", "sendgrid", "mailjet", "mandrill"]
PROVIDERS: tuple[Provider, ...] = ("ses", "smtp", "sendgrid", "mailjet", "mandrill")
# What a transport is for: segment e-mails, template e-mails.
Use = Literal["broadcast", "transactional"]
USES: tuple[Use, ...] = ("broadcast", "transactional")

SES = "ses"
NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
MAX_SETUPS = 10
MAX_SHARE = 100

# Whether every message that the provider took is followed by an event that names its attempt: without, a doubt has
# nothing to wait for.
EVIDENCE: Mapping[Provider, bool] = MappingProxyType(
    {"ses": True, "smtp": False, "sendgrid": True, "mailjet": True, "mandrill": True}
)

# Where a provider's API is: a key is handed to nobody else.
BASE_URLS: Mapping[Provider, tuple[str, ...]] = MappingProxyType(
    {
        "sendgrid": ("https://api.sendgrid.com", "https://api.eu.sendgrid.com"),
        "mailjet": ("https://api.mailjet.com", "https://api.us.mailjet.com"),
        "mandrill": ("https://mandrillapp.com",),
    }
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Below what the provider allows, in recipients; None where there is no limit of ours. Hours and days are UTC's.

    `batch` is the most recipients of a call; `interval_ms` lies at least between the beginnings of two calls.
    `domains` are recipients a minute by the domain of their address.
    """

    per_second: float | None = None
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    batch: int = CHUNK
    interval_ms: int = 0
    domains: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WarmUp:
    """How many a new domain or address may send on its first days: `volumes` from the day `starts` (UTC) on."""

    starts: date
    volumes: tuple[int, ...]

    def volume(self, day: date) -> int | None:
        """Of a day: none before the plan begins, no limit behind its end."""
        number = (day - self.starts).days
        if number < 0:
            return 0
        return self.volumes[number] if number < len(self.volumes) else None


@dataclass(frozen=True, slots=True)
class TransportSetup:
    """`id` is its name. Transports stand in the order of `position`; `share` is its weight among those in use, and one
    without a share stands by for when they fail. `settings` are the provider's own (`transports/providers.py`).
    """

    id: str
    provider: Provider
    position: int = 0
    share: int = MAX_SHARE
    uses: tuple[Use, ...] = USES
    active: bool = True
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    warm_up: WarmUp | None = None
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def budget(self) -> str:
        """The place of its send budget: SES's is the account's."""
        return "" if self.provider == SES else self.id

    @property
    def gives_evidence(self) -> bool:
        return EVIDENCE[self.provider]

    def most(self, per_second: float) -> float:
        """Recipients a second, below what the provider says."""
        limits = self.limits
        own = (limits.per_second, limits.per_minute and limits.per_minute / 60)
        return min([per_second, *(each for each in own if each)])

    def volume(self, day: date) -> int | None:
        """Recipients on that day, None without a limit."""
        planned = (self.limits.per_day, self.warm_up.volume(day) if self.warm_up else None)
        return min((each for each in planned if each is not None), default=None)

    @property
    def largest(self) -> int:
        """Bytes of a whole message."""
        return int(self.settings.get("largest", LARGEST[self.provider]))


# Where a workspace has set none up: SES alone, as the stack makes it.
DEFAULT = TransportSetup(SES, "ses", version=0)


def ordered(setups: Iterable[TransportSetup]) -> tuple[TransportSetup, ...]:
    """By their places; those of one place by name. SES alone where there are none."""
    return tuple(sorted(setups, key=lambda each: (each.position, each.id))) or (DEFAULT,)
