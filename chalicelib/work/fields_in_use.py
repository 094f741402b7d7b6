"""Fields that contacts have: those that are defined, and those that some contacts have without a definition."""

from __future__ import annotations

from chalicelib.model.definition import Definition
from chalicelib.work import definitions
from chalicelib.work.world import World

LOOKED_AT = 100


def labels(world: World, known: dict[str, Definition] | None = None) -> dict[str, str]:
    """By alias, in the order of the labels. Of fields without a definition those that the first contacts have."""
    known = definitions.by_alias(world) if known is None else known
    found, _ = world.contacts.page(LOOKED_AT, None)
    others = {alias: alias for contact in found for alias in contact.fields}
    everything = others | {each.alias: each.label for each in known.values() if not each.retired}
    return dict(sorted(everything.items(), key=lambda each: each[1].casefold()))
