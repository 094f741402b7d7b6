"""A revision: what an e-mail was when it was published. Immutable; compiled once, filled for each recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.model.asset import Attachment
from chalicelib.model.email import Kind
from chalicelib.model.message import MessageKey

FORMAT = 2
# Code reads its own format and the one before: letters that went out before a deployment go on working.
READABLE = frozenset({1, FORMAT})

# Where a value lands, and so how it is escaped: HTML text and attributes, a URL inside an attribute,
# a URL in plain text, a header, plain text.
Place = Literal["html", "html_url", "html_style", "text_url", "header", "text"]

SlotKind = Literal[
    "field",  # {contactfield=name|default}
    "owner",  # {ownerfield=name}, and the owner's address and name in From and Reply-To
    "today",  # {today}: the moment of sending in the contact's time zone
    "token",  # {name} given with the sending
    "block",  # {dynamiccontent="name"}: the branch whose filter holds
    "track",  # the recipient's token: all links, the pixel, unsubscribe and web version share it
    "target",  # the whole URL of a link whose target carries the recipient's values
]

# What is done to a value before it is escaped for its place.
Modifier = Literal[
    "",
    "plus",  # form-urlencoded, space as + (Mautic's `{contactfield=a|true}`)
    "link",  # the value begins a link: an http or https URL, or the default, or nothing
    "mailbox",  # inside mailto: or tel:, where @ and + keep their meaning
    "lines",  # its line ends are <br> in HTML
]

# Literal text and slot numbers, in order.
Part = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One content of a block: `part` goes to contacts for whom `filter` (JSON text of a tree; "" for all) holds."""

    filter: str
    part: Part


@dataclass(frozen=True, slots=True)
class Slot:
    """One value to be filled in. Equal slots are one slot: each is filled once per recipient.

    `name` is the alias or the token's name; `default` stands where the value is empty. A `target` has the
    target's own parts (literals and the numbers of slots before it) and `link`, its place in the link table.
    `format` is a date's in PHP's letters ("" for none), `shift` moves a date by `+2 days`, `labels` are the choices'
    by value (`true` and `false` are those of booleans). A block's `branches` are made of slots before it; the first
    whose filter holds is the value. An owner's slot may be `name` or `address` (From, Reply-To): there `target` is
    what stands where there is no owner. In a `signature`, `target` is the sender's name and `default` the team's own.
    """

    kind: SlotKind
    place: Place
    name: str = ""
    default: str = ""
    modifier: Modifier = ""
    target: tuple[str | int, ...] = ()
    link: int = -1
    format: str = ""
    shift: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """Literal segments and slots. `html` or `text` may be empty, never both. Numbers index `slots`.

    `from_address` and `reply_to` are empty where the revision's own stand for everybody; `headers` are by name.
    """

    slots: tuple[Slot, ...]
    subject: Part
    from_name: Part
    html: Part
    text: Part
    from_address: Part = ()
    reply_to: Part = ()
    headers: tuple[tuple[str, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """`links` is the immutable link table: `/c/<token>/<n>` leads to `links[n]`; where the target carries a
    recipient's values it is "" and the target travels in the URL under its own MAC.

    `base_url` is the address of the tracking endpoints that its links point to, without a slash at the end; `zone`
    the workspace's time zone, for contacts without one. `bcc` get a copy of each letter. What is not `tracked` (a
    preview, a test) has no pixel, and its links lead where they lead.

    `decoy` is the number of the link that nobody sees, or -1: whoever follows it is a machine. `utm` are the query
    parameters, percent-encoded, that a link gets whose target carries a recipient's values; all others have theirs.
    """

    email: str
    number: int
    family: str
    kind: Kind
    from_address: str
    reply_to: str
    program: Program
    links: tuple[str, ...]
    base_url: str
    published_at: int = 0
    language: str = ""
    zone: str = "UTC"
    bcc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tracked: bool = True
    decoy: int = -1
    utm: tuple[tuple[str, str], ...] = ()
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Envelope:
    """One copy of a revision on its way: to whom, the values of its slots, and what comes back with it.

    `values` are in the order of the program's slots, escaped for their places; `token` is the tracking
    token; `attempt` names the call.
    """

    message: MessageKey
    address: str
    attempt: str
    token: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A revision with one recipient's values: what this person sees. Header names as on the wire."""

    subject: str
    from_: str
    reply_to: str
    to: str
    html: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
