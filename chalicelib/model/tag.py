"""A tag: a word that a team puts on contacts. The contacts themselves carry it by its name."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.word import Word


@dataclass(frozen=True, slots=True)
class Tag(Word):
    """What the team's list of tags says of one."""
