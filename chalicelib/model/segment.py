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

    Whom a live filter finds is kept as rows, as a list's members are (`work/following.py`): `generation` counts the
    filters that it has had, `kept_since` is when the rows of this one were complete for the first time (epoch ms; 0:
    not yet), `passed_at` when all contacts were last judged. `size` is exact; None while the rows are not complete.
    A `public` list is offered to people, who join and leave it
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
    generation: int = 0
    kept_since: int = 0
    passed_at: int = 0

    @property
    def is_list(self) -> bool:
        return self.filter is None

    @property
    def is_kept(self) -> bool:
        """Whether its members can be read as rows."""
        return self.is_list or self.kept_since > 0

    @property
    def roster(self) -> str:
        """The key of its members' rows: another filter has another one, so that their rows never mix."""
        return self.id if self.is_list else f"{self.id}.{self.generation}"
