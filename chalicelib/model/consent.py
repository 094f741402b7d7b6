"""Consent as it was given and taken back: the history that proves it. Entries are added and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.model.contact import Value

ConsentKind = Literal[
    "asked",  # a form was filled in; nothing is agreed to before it is confirmed
    "given",  # confirmed, or the person came back
    "withdrawn",
    "category_left",
    "category_joined",
    "tracking_given",
    "tracking_withdrawn",
    "address_changed",
]

Source = Literal["form", "letter", "preferences", "team"]


@dataclass(frozen=True, slots=True)
class Consent:
    """`at` is epoch milliseconds. `text` is what the person agreed to, word for word, in `language`, and `digest` its
    SHA-256 (hex). `network` is the shortened address that it came from, where the workspace keeps those; `agent` the
    class of the browser ("firefox desktop"), never the whole user agent. `message` is the message whose link led
    there, or that asked for the confirmation. `category` is there where one was left or joined.

    `values` are what a form was filled in with: kept here until the confirmation puts them on the contact.
    """

    id: str
    contact: str
    kind: ConsentKind
    at: int
    source: Source
    form: str = ""
    text: str = ""
    digest: str = ""
    language: str = ""
    network: str = ""
    agent: str = ""
    message: str = ""
    category: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
