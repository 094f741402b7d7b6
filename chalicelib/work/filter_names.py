"""Names of e-mails and segments, for filters written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.model.errors import Invalid
from chalicelib.work.world import World

PAGE = 100
PAGES = 10

Read = Callable[[str], Any]
Page = Callable[[int, str | None], tuple[list[Any], str | None]]


@dataclass(frozen=True, slots=True)
class NamesInUse:
    """`model.filter_text.Names`. Reads only when a name is asked for, at most PAGES pages of a kind."""

    world: World

    def id_of(self, kind: str, name: str) -> str | None:
        """Raises Invalid where there are too many to look through."""
        pages: Mapping[str, Page] = {"email": self.world.emails.page, "segment": self.world.segments.page}
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


def _all(kind: str, read: Page) -> list[Any]:
    things, cursor = read(PAGE, None)
    for _ in range(PAGES - 1):
        if cursor is None:
            return things
        page, cursor = read(PAGE, cursor)
        things = [*things, *page]
    if cursor is not None:
        raise Invalid("filter", kind, f"With more than {PAGE * PAGES} of these, name them by their ids.")
    return things
