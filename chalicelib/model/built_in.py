"""What every contact has beside its fields: the names that filters read, and how. One row a name.

A field that the contact lacks is empty, so that what `Contact` gains later is one row here (and in `RESERVED`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from chalicelib.model.contact import ADDRESS_ALIASES, RESERVED
from chalicelib.model.deeds import DEEDS, Past, last_active

# `moment`: epoch milliseconds or None; `deed`: what was done with e-mails; `membership`: ids of segments.
Kind = Literal["text", "texts", "number", "boolean", "moment", "membership", "deed"]
MEMBERSHIP = "segment"


@dataclass(frozen=True, slots=True)
class OfContact:
    """An attribute of the contact."""

    kind: Kind
    attribute: str


@dataclass(frozen=True, slots=True)
class OfPast:
    """Read from what is known beside the contact, which costs reads of its own."""

    kind: Kind
    read: Callable[[Past], object]


BUILT_IN: Mapping[str, OfContact | OfPast] = MappingProxyType(
    {
        "email": OfContact("text", "address"),
        "address": OfContact("text", "address"),
        "created_at": OfContact("moment", "created_at"),
        "updated_at": OfContact("moment", "updated_at"),
        "consent": OfContact("boolean", "consent"),
        "owner_id": OfContact("text", "owner_id"),
        "company_id": OfContact("text", "company_id"),
        "tags": OfContact("texts", "tags"),
        "points": OfContact("number", "points"),
        "stage": OfContact("text", "stage"),
        MEMBERSHIP: OfContact("membership", "lists"),
        "do_not_contact": OfPast("boolean", lambda past: past.do_not_contact != ""),
        "do_not_contact_reason": OfPast("text", lambda past: past.do_not_contact),
        "do_not_contact_at": OfPast("moment", lambda past: past.do_not_contact_at),
        "last_active": OfPast("moment", last_active),
        **{name: OfPast("deed", lambda past: past) for name in DEEDS},
    }
)
UNREADABLE = RESERVED - ADDRESS_ALIASES - BUILT_IN.keys()
READABLE = f"use a field's alias or one of {', '.join(sorted(BUILT_IN))}."
INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "fields": "Name the field itself, by its alias.",
        "lists": "Use `segment` with the id of a segment.",
        "segments": "Use `segment` with the id of a segment.",
    }
)
