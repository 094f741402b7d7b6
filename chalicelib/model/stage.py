"""A stage: how far a contact has come. A contact is in one of them, or in none, and carries it by its name."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.word import Word

MAX_STAGES = 100
MAX_WEIGHT = 1_000_000


@dataclass(frozen=True, slots=True)
class Stage(Word):
    """Stages stand in the order of their weight, the first with the least."""

    weight: int = 0
