"""An e-mail: what a team writes. Publishing compiles it into an immutable revision (`compose/`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["segment", "template"]
KINDS: tuple[Kind, ...] = ("segment", "template")

MAX_SUBJECT = 190
MAX_PREHEADER = 130
MAX_HTML = 256 * 1024
MAX_TEXT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Email:
    """Everything a person edits; `html` and `text` are the draft, at most MAX_HTML and MAX_TEXT bytes.

    `family` is the unit of "once": the root e-mail's id, fixed at creation. `revision` is the number
    of the published revision, 0 before the first. `segments` and `exclude` are a broadcast's defaults.
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
    segments: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    revision: int = 0
    version: int = 1
    created_at: int = 0
    updated_at: int = 0
    published_at: int | None = None
