"""An erasure: everything that says who somebody is goes, and a receipt says that it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.model.ids import ID

# How far the looking is: what is looked through, and where in it (`work/erased_files.py`).
Place = tuple[str, str, str]

State = Literal["waiting", "running", "sweeping", "finished"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """The job and, once it is finished, the receipt. `contacts` are the erased one, those that were merged into it and
    those that were just being merged with it: ids alone, which lead to nobody any more. `hashes` are of their
    addresses, under which nobody writes to them.

    `addresses` are needed to look for them in files and rejected lines, and are forgotten at the end. `place` is how
    far that is. At `emptied_at` nothing of them was left to be read. At `sweeps_at` all is looked for once more, for
    what was under way. `removed` are numbers of things by kind. `source` names who asked: a message's id, or who acts
    for the team.
    """

    id: str
    contacts: tuple[str, ...]
    hashes: tuple[str, ...]
    addresses: tuple[str, ...]
    source: str
    state: State = "waiting"
    place: Place = ("", "", "")
    sweeps_at: int = 0
    removed: Mapping[str, int] = field(default_factory=dict)
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None
    emptied_at: int = 0

    @property
    def by_letter(self) -> bool:
        """Whether the person asked, by the link of a letter."""
        return all(map(ID.fullmatch, self.source.split("_")))


def with_removed(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    return {kind: before.get(kind, 0) + now.get(kind, 0) for kind in sorted(before.keys() | now.keys())}
