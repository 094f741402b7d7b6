"""What comes back about a message, and what each kind of it does.

An *event* is what a provider, a recipient or a line of the log told us. Kept, it is a *fact*; the facts of a message
stand together in an item beside the message's row (`model/feedback.py`), so that neither can erase the other.
`EFFECTS` is the one table of what an event counts and whom it suppresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from chalicelib.model.message import MessageKey
from chalicelib.model.suppression import Reason

Kind = Literal[
    "sent",
    "resent",
    "refused",
    "rejected",
    "rendering_failed",
    "delivered",
    "delayed",
    "bounced",
    "soft_bounced",
    "complained",
    "opened",
    "clicked",
    "unsubscribed",
    "resubscribed",
    "category_left",
]


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is the source's own (SNS message id, hit id): the same event told twice has the same id.

    `address` is there where the source names one (bounces, complaints); `link` is the position in the
    revision's link table (clicks); `detail` is shown to people (diagnostic code, bounce type).
    `at` is epoch milliseconds. `ends`: our own word about the end of a template e-mail's sending, which is counted
    where it is told (a broadcast's sends are counted by its chunks).
    """

    id: str
    kind: Kind
    message: MessageKey
    email: str
    at: int
    attempt: str = ""
    address: str = ""
    link: int | None = None
    provider_id: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """`hit`: it comes from whoever reads the letter, person or machine, is labelled, and each time counts.

    `counts`: the counter of the e-mail it adds to; `suppresses`: the reason put on the address;
    `proves`: whether it proves that the provider accepted the message; `implies`: the kind that a message has with
    it though it has none of its own (a click marks an unread mail as read, as in Mautic). `kept`: how many of a
    message are kept, the earliest of them: a letter that stands in a forum has as many hits as the forum readers.
    """

    counts: str | None = None
    hit: bool = False
    suppresses: Reason | None = None
    proves: bool = True
    implies: Kind | None = None
    kept: int = 10


EFFECTS: Mapping[Kind, Effect] = MappingProxyType(
    {
        # the send counters are the chunks' tallies: `sent` is evidence alone, and evidence of each attempt
        # (a second attempt that was accepted too is a duplicate that somebody must learn of)
        "sent": Effect(),
        # an operator's force: the message goes out again though this attempt may have been accepted
        "resent": Effect(proves=False),
        # the end of a template e-mail that no provider took: told by us, counted where it is told
        "refused": Effect(proves=False),
        "rejected": Effect(counts="rejected", proves=False),
        "rendering_failed": Effect(counts="rendering_failed", proves=False),
        "delivered": Effect(counts="delivered"),
        "delayed": Effect(counts="delayed"),
        "bounced": Effect(counts="bounced", suppresses="bounced"),
        "soft_bounced": Effect(counts="soft_bounced"),
        "complained": Effect(counts="complained", suppresses="complained"),
        "opened": Effect(counts="opened", hit=True, kept=100),
        "clicked": Effect(counts="clicked", hit=True, implies="opened", kept=300),
        "unsubscribed": Effect(counts="unsubscribed", suppresses="unsubscribed"),
        "resubscribed": Effect(counts="resubscribed"),
        # leaving one kind of e-mail: the contact keeps which (`model/preference.py`), and no address is suppressed
        "category_left": Effect(counts="category_left"),
    }
)

# What the end of a template e-mail's sending is counted as.
ENDS: Mapping[Kind, str] = MappingProxyType({"sent": "sent", "refused": "failed"})

# What says something about acceptance: that the provider took the message, or (rejected, rendering_failed) that it
# did not. Whoever comes back says nothing about one message, and nor does who sends it again.
EVIDENCE: frozenset[Kind] = frozenset(EFFECTS) - {"resubscribed", "resent"}


Label = Literal["human", "proxy", "scanner"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who made a hit, and by which rule (`model/labelling.py`); "" where no rule holds, and so a person did.

    `device` is mobile, tablet, desktop, webmail or "" (nobody knows, as behind a proxy), `client` a family of mail
    clients or browsers. Stored with the fact, because it says what the counters counted.
    """

    label: Label
    reason: str = ""
    device: str = ""
    client: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as kept. Opens and clicks have a verdict, and nothing else has."""

    event: Event
    verdict: Verdict | None = None
