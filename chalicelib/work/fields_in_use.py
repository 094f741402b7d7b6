"""Fields that contacts have: those that are defined, and those that are met without a definition."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.model.definition import Definition
from chalicelib.work import definitions
from chalicelib.work.csv_header import TARGETS
from chalicelib.work.world import World

# Contacts, and the newest imports, that are looked at for fields without a definition.
LOOKED_AT, IMPORTS = 100, 20


def labels(world: World, known: dict[str, Definition] | None = None) -> dict[str, str]:
    """By alias, in the order of the labels."""
    known = definitions.by_alias(world) if known is None else known
    others = {alias: alias for alias in _met(world) if alias not in known}
    everything = others | {each.alias: each.label for each in known.values() if not each.retired}
    return dict(sorted(everything.items(), key=lambda each: each[1].casefold()))


def _met(world: World) -> Iterator[str]:
    found, _ = world.contacts.page(LOOKED_AT, None)
    for contact in found:
        yield from contact.fields
    for job in world.imports.page(IMPORTS, None)[0]:
        yield from (alias for alias in job.mapping.values() if alias and alias not in TARGETS)
