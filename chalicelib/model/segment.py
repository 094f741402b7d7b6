"""A segment: a static list, or a live filter (`model/filter.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Segments that one broadcast may choose, and that it may exclude.
MAX_CHOSEN = 50


@dataclass(frozen=True, slots=True)
class Segment:
    """`filter` is the JSON form of a filter tree; None makes a static list, kept by hand or by import.

    `size` is exact for a list and None for a live filter. A `public` list is offered to people, who join and leave it
    themselves; `names` are its names for them, by language tag.
    """

    id: str
    name: str
    filter: dict[str, Any] | None = None
    size: int | None = None
    public: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def is_list(self) -> bool:
        return self.filter is None
