"""A tag: a word that a team puts on contacts. The contacts themselves carry it by its name."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DESCRIPTION = 500


@dataclass(frozen=True, slots=True)
class Tag:
    """What the team's list of tags says of one. Epoch milliseconds."""

    name: str
    description: str = ""
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def id(self) -> str:
        return self.name
