"""What comes back about a message, and what each kind of it does.

An *event* is what a provider, a recipient or a line of the log told us. It becomes a *fact*: an item of
its own beside the message's row, put once, so that neither can erase the other. `EFFECTS` is the one
table of what an event counts and whom it suppresses.
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
]


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is the source's own (SNS message id, hit id): the same event told twice has the same id.

    `address` is there where the source names one (bounces, complaints); `link` is the position in the
    revision's link table (clicks); `detail` is shown to people (diagnostic code, bounce type).
    `at` is epoch milliseconds.
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


@dataclass(frozen=True, slots=True)
class Effect:
    """`again`: a repetition is a fact of its own (opens, clicks), else only the first is kept.

    `counts`: the counter of the e-mail it adds to; `suppresses`: the reason put on the address;
    `proves`: whether it proves that the provider accepted the message; `implies`: the kinds of which it
    is the first where the message has none yet (a click marks an unread mail as read, as in Mautic).
    """

    counts: str | None = None
    again: bool = False
    suppresses: Reason | None = None
    proves: bool = True
    implies: tuple[Kind, ...] = ()


EFFECTS: Mapping[Kind, Effect] = MappingProxyType(
    {
        # the send counters are the chunks' tallies: `sent` is evidence alone, and evidence of each attempt
        # (a second attempt that was accepted too is a duplicate that somebody must learn of)
        "sent": Effect(again=True),
        # the end of a template e-mail that no provider took: told by us, counted where it is told
        "refused": Effect(proves=False),
        "rejected": Effect(counts="rejected", proves=False),
        "rendering_failed": Effect(counts="rendering_failed", proves=False),
        "delivered": Effect(counts="delivered"),
        "delayed": Effect(counts="delayed"),
        "bounced": Effect(counts="bounced", suppresses="bounced"),
        "soft_bounced": Effect(counts="soft_bounced"),
        "complained": Effect(counts="complained", suppresses="complained"),
        "opened": Effect(counts="opened", again=True),
        # `clicked` alone is the message's first click; `clicked#3` the first one of link 3
        "clicked": Effect(counts="clicked", again=True, implies=("clicked", "opened")),
        "unsubscribed": Effect(counts="unsubscribed", suppresses="unsubscribed"),
        "resubscribed": Effect(counts="resubscribed"),
    }
)


# What says something about acceptance: that the provider took the message, or (rejected, rendering_failed) that it
# did not. Whoever comes back says nothing about one message.
EVIDENCE: frozenset[Kind] = frozenset(EFFECTS) - {"resubscribed"}


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as stored. `name` is its sort key beside the row: `kind`, `kind#link` or `kind#link#id`.

    The first open is `opened`, the first click of link 3 `clicked#3`; a repetition carries its event's
    id, so that one event told twice is one fact, and uniques and totals can be recounted. An implied fact
    holds the event that implied it: `opened` may hold a click (its `event.kind` says so).
    """

    message: MessageKey
    name: str
    event: Event


def first_name(event: Event) -> str:
    """The name under which the first event of this kind (and link) is kept."""
    return event.kind if event.link is None else f"{event.kind}#{event.link}"


def repeat_name(event: Event) -> str:
    """The name of a repetition: unique to the event."""
    return f"{first_name(event)}#{event.id}"
