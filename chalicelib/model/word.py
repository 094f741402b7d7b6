"""A word of the team's for contacts: a tag or a stage. Contacts carry it by its name, its list says what it means."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DESCRIPTION = 500


@dataclass(frozen=True, slots=True)
class Word:
    """Epoch milliseconds."""

    name: str
    description: str = ""
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def id(self) -> str:
        return self.name
