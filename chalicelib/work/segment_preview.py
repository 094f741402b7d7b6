"""Whom a filter would find, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.contact import Contact
from chalicelib.model.filter import Filter
from chalicelib.model.predicate import predicate
from chalicelib.work import judging, segments
from chalicelib.work.pending import PATIENCE_MS, RESERVE_MS, sampled
from chalicelib.work.world import World

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """`count` is exact where all contacts were looked at, else estimated from the `sampled` ones: `exact` says it.
    `sample` holds the first that were found.
    """

    tree: Filter
    count: int
    exact: bool
    sampled: int
    sample: tuple[Contact, ...]


def preview(world: World, given: object) -> Preview:
    """`given` is a filter in any of its forms; Invalid names the place in it.

    Looks at a chance selection of the contacts (`pending.sampled`); where the time is up before all of them are
    judged, the estimate is from those that were.
    """
    tree = segments.checked_filter(world, given)
    holds = predicate(tree, judging.setting(world, [tree]))
    until = world.now() + max(0, min(PATIENCE_MS, world.time_left() - RESERVE_MS))
    contacts, parts = sampled(world)
    judged, found = 0, []
    for contact in contacts:
        if world.now() > until and judged:
            break
        judged += 1
        if holds(contact):
            found.append(contact)
    exact = parts == 1 and judged == len(contacts)
    count = len(found) if exact else round(len(found) * parts * len(contacts) / max(1, judged))
    return Preview(tree, count, exact, judged, tuple(found[:SHOWN]))
