"""Segments: static lists kept by hand or by import, and live filters."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.filter import Filter, as_json, memberships, parsed
from chalicelib.model.filter_forms import read_filter
from chalicelib.model.ids import is_id
from chalicelib.model.nesting import checked_nesting
from chalicelib.model.segment import Segment
from chalicelib.work import definitions, filling, following, judging
from chalicelib.work.categories import checked_names
from chalicelib.work.filter_names import NamesInUse
from chalicelib.work.world import World

MAX_NAME = 100
MAX_LIVE = 200
NONE: Mapping[str, str] = {}
CHANGEABLE = ("name", "filter", "public", "names")


def create(
    world: World, name: str, filter_json: object = None, *, public: object = False, names: object = NONE
) -> Segment:
    """A static list, or a live filter where `filter_json` is one, in any form; Invalid names the place in it."""
    now = world.now()
    live = None if filter_json is None else as_json(checked_filter(world, filter_json))
    size = 0 if live is None else None
    segment = Segment(
        world.new_id(),
        _name(name),
        live,
        size,
        public=_public(public, is_list=live is None),
        names=checked_names(names),
        created_at=now,
        updated_at=now,
        generation=0 if live is None else 1,
    )
    if live is not None:
        _has_room_for_filters(world)
    if not world.segments.create(segment):
        raise Conflict(f"The id {segment.id} is taken.", hint="Try again.")
    if live is not None:
        filling.begin(world, segment)
    return segment


def read(world: World, segment_id: str) -> Segment:
    segment = world.segments.read(segment_id) if is_id(segment_id) else None
    if segment is None:
        raise NotFound(f"There is no segment {segment_id[:60]!r}.", field="id")
    return segment


def update(world: World, segment_id: str, changes: Mapping[str, Any], expected_version: int | None = None) -> Segment:
    """The segment with another of CHANGEABLE. A list stays a list and a live filter stays one."""
    before = read(world, segment_id)
    if expected_version is not None and expected_version != before.version:
        raise moved_on(before)
    after = replace(before, **_checked(world, before, changes))
    if after == before:
        return before
    after = replace(after, version=before.version + 1, updated_at=world.now())
    if after.filter == before.filter:
        if not world.segments.update(after, before.version):
            raise moved_on(before)
        return after
    return _refiltered(world, before, after)


def _refiltered(world: World, before: Segment, after: Segment) -> Segment:
    """Whom another filter finds is still to be known; and so with every live segment that asks for this one."""
    after = _anew(after)
    if not world.segments.update(after, before.version, emptied=True):
        raise moved_on(before)
    filling.begin(world, after)
    for each in list(following.live(world)):
        if _asks_for(world, each, after.id):
            _restart(world, each)
    return after


def _asks_for(world: World, segment: Segment, segment_id: str) -> bool:
    with suppress(Invalid):
        return segment_id in judging.live_segments(world, [parsed(segment.filter)])
    return False


def _restart(world: World, segment: Segment) -> None:
    """Where somebody changes it at this moment, its next pass judges by what is new."""
    after = _anew(replace(segment, version=segment.version + 1))
    if world.segments.update(after, segment.version, emptied=True):
        filling.begin(world, after)


def _anew(segment: Segment) -> Segment:
    return replace(segment, generation=segment.generation + 1, kept_since=0, passed_at=0, size=None)


def adopt(world: World) -> None:
    """Live segments from before their members were kept, and those due for the night's pass: a pass for each."""
    for segment in _unkept(world):
        _restart(world, segment)
    for segment in filling.due(world):
        filling.begin(world, segment)


def delete(world: World, segment_id: str, expected_version: int | None = None) -> Segment:
    """A broadcast that is still being planned on it pauses and says so."""
    segment = read(world, segment_id)
    if expected_version not in (None, segment.version) or not world.segments.delete(segment.id, segment.version):
        raise moved_on(segment)
    if not segment.is_list:
        world.memberships.drop(segment.roster, filling.MOST_DROPPED)
    return segment


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]:
    return world.segments.page(limit, cursor)


def _has_room_for_filters(world: World) -> None:
    """Each change of a contact is judged for all of them."""
    if sum(1 for _ in following.live(world)) >= MAX_LIVE:
        raise Conflict(f"There are {MAX_LIVE} live segments already.", field="filter", hint="Delete one first.")


def _unkept(world: World) -> list[Segment]:
    return [each for each in following.every(world) if not each.is_list and not each.generation]


def _checked(world: World, before: Segment, changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(changes.keys() - set(CHANGEABLE))
    if unknown:
        raise Invalid(unknown[0], changes[unknown[0]], f"These can be changed: {', '.join(CHANGEABLE)}.")
    wanted: dict[str, Any] = {}
    if "name" in changes:
        wanted["name"] = _name(changes["name"])
    if "filter" in changes:
        if (changes["filter"] is None) is not before.is_list:
            raise Invalid(
                "filter", changes["filter"], "A list stays a list, a live filter a filter: make a new segment."
            )
        tree = None if before.is_list else checked_filter(world, changes["filter"], before.id)
        wanted["filter"] = None if tree is None else as_json(tree)
    if "public" in changes:
        wanted["public"] = _public(changes["public"], is_list=before.is_list)
    if "names" in changes:
        wanted["names"] = checked_names(changes["names"])
    return wanted


def _public(value: object, *, is_list: bool) -> bool:
    if not isinstance(value, bool) or (value and not is_list):
        raise Invalid("public", value, "Give true or false; people can join and leave static lists alone.")
    return value


def _name(value: object) -> str:
    name = value.strip() if isinstance(value, str) else ""
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise Invalid("name", value, f"Give a name of 1 to {MAX_NAME} printable characters.")
    return name


def checked_filter(world: World, given: object, segment_id: str = "") -> Filter:
    """The tree of a filter in any of its forms (JSON tree, text, Mautic's list), for the segment of this id.

    Invalid names the place; also where it names a segment that there is not, or live segments that name each other in
    a circle: memberships that can never hold are mistakes that nobody would see.
    """
    types = {alias: known.type for alias, known in definitions.by_alias(world).items()}
    tree = read_filter(given, NamesInUse(world), types=types)
    named = memberships(tree)
    known = world.segments.read_many(list(named))
    for each in named:
        if each not in known:
            raise Invalid("filter", each, "A condition on `segment` takes the id of a segment that there is.")
    live = judging.live_segments(world, [tree])
    checked_nesting({**live, segment_id: tree})
    return tree


def moved_on(segment: Segment) -> Conflict:
    message = f"The segment {segment.id} was changed meanwhile."
    return Conflict(message, field="version", hint="Read it again and repeat your change.")
