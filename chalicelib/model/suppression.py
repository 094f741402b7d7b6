"""Do not contact: why, since when, who said so. Keyed by a keyed hash of the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Reason = Literal["unsubscribed", "bounced", "complained", "suppressed", "imported"]

# A person's own word is never overwritten by a machine's or an operator's.
STRENGTH: Mapping[Reason, int] = MappingProxyType(
    {"imported": 0, "suppressed": 0, "bounced": 1, "complained": 2, "unsubscribed": 3}
)
# What the mailbox said: a provider's own list holds these, and these alone.
OF_MAILBOXES: frozenset[Reason] = frozenset({"bounced", "complained"})


@dataclass(frozen=True, slots=True)
class Suppression:
    """`source` names what told us: a message's id, `operator`, `import <id>`, `ses` (its account's list), `ses <id>` (a
    notice about a mail), `soft bounces`. `at` is epoch milliseconds.
    """

    address_hash: str
    reason: Reason
    source: str
    at: int


def overrides(new: Reason, old: Reason) -> bool:
    return STRENGTH[new] > STRENGTH[old]
