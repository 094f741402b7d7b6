"""An e-mail: what a team writes. Publishing compiles it into an immutable revision (`compose/`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["segment", "template"]
KINDS: tuple[Kind, ...] = ("segment", "template")

# Whom an edition's broadcasts go to where they name no segments: who got the first e-mail and did not open it.
EditionFor = Literal["", "unopened"]

Goal = Literal["opened", "clicked", "unsubscribed"]
GOALS: tuple[Goal, ...] = ("opened", "clicked", "unsubscribed")

# What becomes of somebody who must not have a broadcast now: left out, or put off until they may.
Wait = Literal["skip", "later"]
WAITS: tuple[Wait, ...] = ("skip", "later")

MAX_SUBJECT = 190
MAX_PREHEADER = 130
MAX_FROM_NAME = 190
MAX_HTML = 256 * 1024
MAX_TEXT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Variation:
    """One content of a dynamic block: shown to contacts for whom `filter` (the JSON text of a filter tree) holds."""

    filter: str
    html: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Dynamic content: `{dynamiccontent="name"}` is the first variation whose filter holds, else `html` (`text` in
    the text part: made of the HTML where it is empty).
    """

    name: str
    html: str = ""
    text: str = ""
    variations: tuple[Variation, ...] = ()


@dataclass(frozen=True, slots=True)
class SplitTest:
    """An A/B test on the root of a family: `share` percent of the audience get the variants by their weights, and
    after `wait_hours` the rest get the one that is best by `goal`: by itself where `automatic`, else when somebody
    chooses.
    """

    share: int = 100
    goal: Goal = "opened"
    wait_hours: int = 4
    automatic: bool = True


@dataclass(frozen=True, slots=True)
class Email:
    """Everything a person edits; `html`, `mjml` and `text` are the draft. Where `mjml` is not empty, the HTML is made
    of it.

    `family` is the unit of "once": the root e-mail's id, fixed at creation; `translation_of` and `variant_of` name
    the member that this one stands in for (by language, or in an A/B test by `weight` percent). `revision` is the
    number of the published revision, 0 before the first; `edition_of` is the e-mail that this one repeats for people of
    an earlier broadcast, `edition_for` of which of them. `segments` and `exclude` are a broadcast's defaults.
    It goes out from `publish_up` on and not from `publish_down` on (epoch ms).
    `headers`, `utm` (source, medium, campaign, term, content) and `bcc` go out with every letter; `attachments` are
    asset ids; `category` is the id of one, which people can leave and keep the rest; `from_owner` sends in the name of
    the contact's owner. `over_cap` and `quiet_hours` say what becomes of whoever is over a frequency cap, or has quiet
    hours.
    """

    id: str
    kind: Kind
    name: str
    subject: str
    from_address: str
    family: str
    from_name: str = ""
    reply_to: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""
    mjml: str = ""
    inline_css: bool = False
    language: str = ""
    theme: str = ""
    category: str = ""
    segments: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    utm: Mapping[str, str] = field(default_factory=dict)
    bcc: tuple[str, ...] = ()
    from_owner: bool = False
    attachments: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    public_preview: bool = False
    translation_of: str = ""
    variant_of: str = ""
    weight: int = 0
    test: SplitTest | None = None
    over_cap: Wait = "skip"
    quiet_hours: Wait = "later"
    edition_of: str = ""
    edition_for: EditionFor = ""
    publish_up: int | None = None
    publish_down: int | None = None
    revision: int = 0
    version: int = 1
    created_at: int = 0
    updated_at: int = 0
    published_at: int | None = None
