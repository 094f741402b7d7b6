"""Who belongs to an audience: any of the included segments, and none of the excluded ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge

from chalicelib.model.contact import Contact
from chalicelib.model.filter import parsed
from chalicelib.model.predicate import predicate
from chalicelib.model.segment import Segment
from chalicelib.model.setting import Setting
from chalicelib.work.world import World

MEMBERS = 1_000

Belongs = Callable[[Contact], bool]


def list_walk(world: World, include: Sequence[str], exclude: Sequence[str], after: str) -> Iterator[str]:
    """Members of any included list and of no excluded one, behind the id `after` ("" for all): ids ascending,
    each once. Holds one page of each list; reads a list's next page only when the walk comes to it.
    """
    excluded = _Ascending(_union(world, exclude, after))
    return (each for each in _union(world, include, after) if not excluded.has(each))


def membership(
    segments: Mapping[str, Segment], include: Sequence[str], exclude: Sequence[str], setting: Setting
) -> Belongs:
    """The audience as a predicate, compiled once. `segments` holds every segment named; KeyError otherwise.

    A list is read from the contact's `lists`, a live filter is judged on the contact as it stands there, in the
    `setting` of `judging.of_segments`.
    """
    chosen = [_belonging(segments[each], setting) for each in dict.fromkeys(include)]
    dropped = [_belonging(segments[each], setting) for each in dict.fromkeys(exclude)]
    return lambda contact: any(each(contact) for each in chosen) and not any(each(contact) for each in dropped)


def _belonging(segment: Segment, setting: Setting) -> Belongs:
    if segment.filter is None:
        return lambda contact: segment.id in contact.lists
    return predicate(parsed(segment.filter), setting)


def _union(world: World, lists: Sequence[str], after: str) -> Iterator[str]:
    last = None
    for each in merge(*(_members(world, list_id, after) for list_id in dict.fromkeys(lists))):
        if each != last:
            yield each
        last = each


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
