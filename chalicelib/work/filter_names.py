"""Names of e-mails and segments, for filters written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.model.errors import Invalid
from chalicelib.work.pages import Page, every
from chalicelib.work.world import World

MOST = 1_000

Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class NamesInUse:
    """`model.filter_text.Names`. Reads only when a name is asked for, at most MOST of a kind, and one more."""

    world: World

    def id_of(self, kind: str, name: str) -> str | None:
        """Raises Invalid where there are too many to look through."""
        pages: Mapping[str, Page[Any]] = {"email": self.world.emails.page, "segment": self.world.segments.page}
        found = [thing.id for thing in _all(kind, pages[kind]) if thing.name == name]
        return found[0] if len(found) == 1 else None

    def name_of(self, kind: str, identifier: str) -> str | None:  # noqa: ARG002  # a text that is kept names ids
        """None: names change, and a filter's text must mean tomorrow what it means today."""
        return None


class NamesShown(NamesInUse):
    """For a text that is shown and read back at once: with the names of this moment."""

    def name_of(self, kind: str, identifier: str) -> str | None:
        things: Mapping[str, Read] = {"email": self.world.emails.read, "segment": self.world.segments.read}
        found = things[kind](identifier)
        return None if found is None else str(found.name)


def _all(kind: str, read: Page[Any]) -> list[Any]:
    things = list(islice(every(read), MOST + 1))
    if len(things) > MOST:
        raise Invalid("filter", kind, f"With more than {MOST} of these, name them by their ids.")
    return things
