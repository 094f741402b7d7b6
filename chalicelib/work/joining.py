"""Whoever joins an audience later: another walk over it, once everybody of the last is settled, an hour apart."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.model.broadcast import Broadcast, Tally
from chalicelib.model.eligibility import skip_letter
from chalicelib.work import broadcasting
from chalicelib.work.world import World

EVERY_MS = 3_600_000
BATCH = 50


def goes_on(world: World, broadcast: Broadcast) -> bool:
    """Whether this broadcast, whose recipients are all settled, waits for more of them."""
    return broadcast.joiners and not broadcast.is_over(world.now())


def look_again(world: World, broadcast: Broadcast, tally: Tally) -> None:
    """The next walk, where it is time; while somebody is held in doubt the last one is not settled."""
    if not tally.held and world.now() - broadcast.round_at >= EVERY_MS:
        broadcasting.next_round(world, broadcast, "again")


def newcomers(world: World, broadcast: Broadcast, contacts: Sequence[str]) -> list[str]:
    """Those of them whom a later round plans: who would get it now and never had a message of the family.

    Whoever the rounds before left out, refused or gave up is not planned again: sums grow by newcomers alone.
    """
    if not broadcast.rounds:
        return list(contacts)
    found: list[str] = []
    for at in range(0, len(contacts), BATCH):
        batch = contacts[at : at + BATCH]
        reading = world.recipients.read(broadcast.id, broadcast.family, batch)
        for each in batch:
            row = reading.rows.get(each)
            letter = skip_letter(
                reading.contacts.get(each),
                row,
                reading.suppressions.get(each),
                now=world.now(),
                category=broadcast.category,
            )
            found += [each] if row is None and letter is None else []
    return found
