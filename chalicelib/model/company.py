"""A company: its fields stand in where a contact's own are empty (`{contactfield=...}`, as in Mautic)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.model.contact import Value


@dataclass(frozen=True, slots=True)
class Company:
    """`fields` by alias, as a contact's. Epoch milliseconds."""

    id: str
    name: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    version: int = 1
    created_at: int = 0
    updated_at: int = 0
