"""Live segments follow their contacts: whoever changed, or did something, is judged anew within seconds.

Hints come from the streams of the tables `contacts` and `messages`. Whoever is judged is read as they stand now, and a
row changes only while they still stand so: hints may come late, twice and in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.filling import Belonging
from chalicelib.model.filter import parsed
from chalicelib.model.inlined import Holds
from chalicelib.model.predicate import asks_the_past
from chalicelib.model.segment import Segment
from chalicelib.work import judging, pages
from chalicelib.work.audience import membership
from chalicelib.work.world import World

AT_ONCE = 100


def follow_deeds(world: World, contact_ids: Iterable[str]) -> int:
    """As `follow`, for the segments alone that ask what a contact did."""
    return _followed(world, contact_ids, [each for each in live(world) if _asks_the_past(world, each)])


def follow(world: World, contact_ids: Iterable[str]) -> int:
    """Judges these contacts for every live segment and sets the rows right; how many rows it changed."""
    return _followed(world, contact_ids, list(live(world)))


def _followed(world: World, contact_ids: Iterable[str], segments: Sequence[Segment]) -> int:
    belongs = judges(world, segments)
    segments = [each for each in segments if each.id in belongs]
    if not segments:
        return 0
    ids = iter(dict.fromkeys(contact_ids))
    changed = 0
    while part := list(islice(ids, AT_ONCE)):
        contacts = world.contacts.read_many(part)
        part, contacts = _with_heirs(world, part, contacts)
        standing = world.memberships.standing({each.roster: part for each in segments})
        for segment in segments:
            found = judged(part, contacts, belongs[segment.id])
            changed += world.memberships.settle(segment, odd(segment, found, standing))
    return changed


def _with_heirs(
    world: World, part: Sequence[str], contacts: dict[str, Contact]
) -> tuple[list[str], dict[str, Contact]]:
    """What comes back about letters to a merged contact is the past of the one that took it over."""
    heirs = {each.merged_into for each in contacts.values() if each.merged_into is not None} - set(part)
    if not heirs:
        return list(part), contacts
    return [*part, *sorted(heirs)], contacts | world.contacts.read_many(sorted(heirs))


def live(world: World) -> Iterator[Segment]:
    """The live segments whose members are kept, or are about to be."""
    return (each for each in every(world) if not each.is_list and each.generation)


def every(world: World) -> Iterator[Segment]:
    """All segments, in the order of their ids."""
    return pages.every(world.segments.page)


def _asks_the_past(world: World, segment: Segment) -> bool:
    with suppress(Invalid):
        tree = parsed(segment.filter)
        return any(map(asks_the_past, (tree, *judging.live_segments(world, [tree]).values())))
    return False


def judges(world: World, segments: Iterable[Segment]) -> dict[str, Holds]:
    """By segment id. A filter that can no longer be read holds up no other: nobody is judged by it."""
    found: dict[str, Holds] = {}
    for each in segments:
        with suppress(Invalid):
            found[each.id] = judge(world, each)
    return found


def judge(world: World, segment: Segment) -> Holds:
    """Whether a contact belongs to the segment here and now."""
    return membership({segment.id: segment}, [segment.id], [], judging.of_segments(world, [segment]))


def judged(ids: Sequence[str], contacts: Mapping[str, Contact], belongs: Holds) -> list[Belonging]:
    """Whoever is gone, or was merged into another contact, belongs to nothing."""
    return [_judged(each, contacts.get(each), belongs) for each in ids]


def odd(segment: Segment, found: Iterable[Belonging], standing: set[tuple[str, str]]) -> list[Belonging]:
    """Those whose row does not say the same."""
    return [each for each in found if each.belongs is not ((segment.roster, each.contact) in standing)]


def _judged(contact_id: str, contact: Contact | None, belongs: Holds) -> Belonging:
    if contact is None:
        return Belonging(contact_id, 0, belongs=False)
    return Belonging(contact.id, contact.version, belongs=contact.merged_into is None and belongs(contact))
