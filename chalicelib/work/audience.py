"""Who belongs to an audience: any of the included segments, and none of the excluded ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from heapq import merge

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import parsed
from chalicelib.model.predicate import asks_the_time, by_hand, predicate
from chalicelib.model.segment import Segment
from chalicelib.model.setting import Setting
from chalicelib.work import judging
from chalicelib.work.world import World

MEMBERS = 1_000

Belongs = Callable[[Contact], bool]
# The place of the first of the included segments that a contact belongs to; None for whoever is not in the audience.
Brings = Callable[[Contact], int | None]


def list_walk(world: World, include: Sequence[str], exclude: Sequence[str], after: str) -> Iterator[str]:
    """Members of any included list and of no excluded one, behind the id `after` ("" for all): ids ascending,
    each once. Lists are given by their rosters. Holds one page of each list; reads a list's next page only when the
    walk comes to it.
    """
    return (each for each, _ in placed_walk(world, include, exclude, after))


def placed_walk(world: World, include: Sequence[str], exclude: Sequence[str], after: str) -> Iterator[tuple[str, int]]:
    """The same, each with the place of the first of the included lists that has them."""
    excluded = _Ascending(each for each, _ in _union(world, exclude, after))
    return ((each, place) for each, place in _union(world, include, after) if not excluded.has(each))


def reads_as_lists(world: World, segments: Iterable[Segment]) -> bool:
    """Whether the rows of all of these say exactly who belongs to them. Where a filter's answers change with time
    alone, its rows are those of last night's pass, and whoever plans judges the contacts themselves.
    """
    kept = list(segments)
    if not all(each.is_kept for each in kept):
        return False
    with suppress(Invalid):
        trees = [parsed(each.filter) for each in kept if each.filter is not None]
        named = judging.live_segments(world, trees)
        return not any(asks_the_time(tree, named) for tree in trees)
    return False


def membership(
    segments: Mapping[str, Segment], include: Sequence[str], exclude: Sequence[str], setting: Setting
) -> Belongs:
    """The audience as a predicate, compiled once. `segments` holds every segment named; KeyError otherwise.

    A list is read from the contact's `lists`, a live filter is judged on the contact as it stands there, in the
    `setting` of `judging.of_segments`.
    """
    brings = bringing(segments, include, exclude, setting)
    return lambda contact: brings(contact) is not None


def bringing(
    segments: Mapping[str, Segment], include: Sequence[str], exclude: Sequence[str], setting: Setting
) -> Brings:
    """As `membership`, with the place of the segment that brings somebody into the audience."""
    chosen = [_belonging(segments[each], setting) for each in dict.fromkeys(include)]
    dropped = [_belonging(segments[each], setting) for each in dict.fromkeys(exclude)]

    def place(contact: Contact) -> int | None:
        first = next((n for n, each in enumerate(chosen) if each(contact)), None)
        return None if first is None or any(each(contact) for each in dropped) else first

    return place


def _belonging(segment: Segment, setting: Setting) -> Belongs:
    if segment.filter is None:
        return lambda contact: segment.id in contact.lists
    return by_hand(segment.id, predicate(parsed(segment.filter), setting))


def rosters(segments: Mapping[str, Segment], ids: Iterable[str]) -> list[str]:
    return [segments[each].roster for each in ids]


def _union(world: World, lists: Sequence[str], after: str) -> Iterator[tuple[str, int]]:
    last = None
    for each, place in merge(
        *(_placed(world, list_id, after, place) for place, list_id in enumerate(dict.fromkeys(lists)))
    ):
        if each != last:
            yield each, place
        last = each


def _placed(world: World, list_id: str, after: str, place: int) -> Iterator[tuple[str, int]]:
    return ((each, place) for each in _members(world, list_id, after))


def _members(world: World, list_id: str, after: str) -> Iterator[str]:
    page = world.segments.members(list_id, after, MEMBERS)
    yield from page
    while len(page) == MEMBERS:
        page = world.segments.members(list_id, page[-1], MEMBERS)
        yield from page


class _Ascending:
    """A sorted stream that is asked for ascending values only, so that it need never go back."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = iter(values)
        self._value = next(self._values, None)

    def has(self, wanted: str) -> bool:
        while self._value is not None and self._value < wanted:
            self._value = next(self._values, None)
        return self._value == wanted
