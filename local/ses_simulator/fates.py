"""What becomes of an accepted message: by the simulator's address, the suppression list, the content, or on demand.

Source: "Using the mailbox simulator" in the SES developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

Fate = Literal[
    "delivered",
    "bounced",
    "soft_bounced",
    "complained",
    "suppressed",
    "globally_suppressed",
    "rejected",
    "rendering_failed",
    "delayed",
    "silent",  # accepted, and nothing is ever heard of it
]
FATES: frozenset[str] = frozenset(get_args(Fate))

SIMULATOR = "simulator.amazonses.com"

MAILBOXES: Mapping[str, Fate] = MappingProxyType(
    {
        "success": "delivered",
        "bounce": "bounced",
        "ooto": "delivered",
        "complaint": "complained",
        "suppressionlist": "globally_suppressed",
    }
)

# The EICAR test file's name inside the string that every virus scanner knows.
VIRUS = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def mailbox(address: str) -> Fate | None:
    """The fate that a simulator address stands for, labels (`bounce+1@`) left aside."""
    local, _, domain = address.lower().rpartition("@")
    return MAILBOXES.get(local.partition("+")[0], "delivered") if domain == SIMULATOR else None
