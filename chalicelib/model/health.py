"""How a team's mail does with those who receive it: bounces and complaints against what mailbox providers bear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Verdict = Literal["good", "warn", "bad", ""]


@dataclass(frozen=True, slots=True)
class Limit:
    """Shares of what was sent: from `warn` on it needs looking at, from `bad` on mail is refused or sending paused.
    Below `enough` one single case would decide: fewer are judged as if all the others, up to `enough`, went well.
    """

    warn: float
    bad: float
    enough: int
    source: str


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "bounced": Limit(
            0.02, 0.05, 100, "SES reviews an account at 5% and pauses it at 10%: docs.aws.amazon.com/ses, FAQ"
        ),
        "complained": Limit(
            0.001,
            0.003,
            1_000,
            "Gmail: below 0.1%, never 0.3% (support.google.com/a/answer/81126); SES reviews at 0.1%",
        ),
    }
)


def verdict(name: str, part: int, whole: int) -> Verdict:
    """Nothing ("") where too few were sent to say that it goes well."""
    limit = LIMITS[name]
    if whole < limit.enough:
        share = part / limit.enough
        return "bad" if share >= limit.bad else "warn" if share > limit.warn else ""
    share = part / whole
    return "bad" if share >= limit.bad else "warn" if share >= limit.warn else "good"
