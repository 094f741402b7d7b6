"""A stage: how far a contact has come. A contact is in one of them, or in none, and carries it by its name."""

from __future__ import annotations

from dataclasses import dataclass

MAX_STAGES = 100
MAX_WEIGHT = 1_000_000


@dataclass(frozen=True, slots=True)
class Stage:
    """Stages stand in the order of their weight, the first with the least. Epoch milliseconds."""

    name: str
    description: str = ""
    weight: int = 0
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def id(self) -> str:
        return self.name
