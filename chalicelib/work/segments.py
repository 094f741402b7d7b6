"""Segments: static lists kept by hand or by import, and live filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from chalicelib.model.contact import MAX_LISTS, Contact
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.filter import MEMBERSHIP, Filter, as_json, conditions, parsed
from chalicelib.model.ids import is_id
from chalicelib.model.segment import Segment
from chalicelib.work import contacts
from chalicelib.work.world import World

MAX_NAME = 100
TRIES = 5


def create(world: World, name: str, filter_json: object = None) -> Segment:
    """A static list, or a live filter where `filter_json` is one; Invalid names the place in the filter."""
    now = world.now()
    live = None if filter_json is None else _filter(world, filter_json)
    size = 0 if live is None else None
    segment = Segment(world.new_id(), _name(name), live, size, created_at=now, updated_at=now)
    if not world.segments.create(segment):
        raise Conflict(f"The id {segment.id} is taken.", hint="Try again.")
    return segment


def read(world: World, segment_id: str) -> Segment:
    segment = world.segments.read(segment_id) if is_id(segment_id) else None
    if segment is None:
        raise NotFound(f"There is no segment {segment_id[:60]!r}.", field="id")
    return segment


def update(world: World, segment_id: str, changes: Mapping[str, Any], expected_version: int | None = None) -> Segment:
    """The segment with another `name` or `filter`. A list stays a list and a live filter stays one."""
    before = read(world, segment_id)
    if expected_version is not None and expected_version != before.version:
        raise _moved_on(before)
    after = replace(before, **_checked(world, before, changes))
    if after == before:
        return before
    after = replace(after, version=before.version + 1, updated_at=world.now())
    if not world.segments.update(after, before.version):
        raise _moved_on(before)
    return after


def delete(world: World, segment_id: str) -> None:
    """A broadcast that is still being planned on it pauses and says so."""
    segment = read(world, segment_id)
    if not world.segments.delete(segment.id, segment.version):
        raise _moved_on(segment)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]:
    return world.segments.page(limit, cursor)


def put_member(world: World, segment_id: str, who: str) -> None:
    """Puts a contact (id or address) on a static list; once is as good as twice."""
    segment = _list(world, segment_id)
    for _ in range(TRIES):
        contact = _contact(world, who)
        _has_room(contact, segment.id)
        if world.segments.add_member(segment.id, contact):
            return
    raise _moved_on(segment)


def remove_member(world: World, segment_id: str, who: str) -> None:
    """Takes a contact (id or address) off a static list; nothing where it is not on it.

    Contacts keep the ids of lists that were deleted: such an id can be taken off too.
    """
    if is_id(segment_id) and world.segments.read(segment_id) is None:
        return _forget(world, segment_id, who)
    segment = _list(world, segment_id)
    for _ in range(TRIES):
        if world.segments.remove_member(segment.id, _contact(world, who)):
            return None
    raise _moved_on(segment)


def _forget(world: World, segment_id: str, who: str) -> None:
    """NotFound where neither the list is there nor its id on the contact."""
    for _ in range(TRIES):
        contact = _contact(world, who)
        if segment_id not in contact.lists:
            raise NotFound(f"There is no segment {segment_id}.", field="segment_id")
        lists = contact.lists - {segment_id}
        after = replace(contact, lists=lists, version=contact.version + 1, updated_at=world.now())
        if world.contacts.update(after, contact.version):
            return
    raise Conflict(f"The contact {contact.id} was changed meanwhile.", hint="Repeat it.")


def _list(world: World, segment_id: str) -> Segment:
    with _named("segment_id"):
        segment = read(world, segment_id)
    if not segment.is_list:
        raise Conflict(
            f"{segment.name} is a live filter: its members are those whom it finds.",
            field="segment_id",
            hint="Change the filter, or the contact's fields, or make a static list.",
        )
    return segment


def _contact(world: World, who: str) -> Contact:
    with _named("contact_id"):
        return contacts.read(world, who)


@contextmanager
def _named(field: str) -> Iterator[None]:
    """Where two things are asked for, a fault says which of them it means."""
    try:
        yield
    except Fault as fault:
        fault.field = field
        raise


def _has_room(contact: Contact, segment_id: str) -> None:
    if len(contact.lists) >= MAX_LISTS and segment_id not in contact.lists:
        raise Conflict(
            f"The contact {contact.id} is on {MAX_LISTS} lists already.",
            field="contact_id",
            hint="Take it off one first; a live filter over a field has no such limit.",
        )


def _checked(world: World, before: Segment, changes: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(changes.keys() - {"name", "filter"})
    if unknown:
        raise Invalid(unknown[0], changes[unknown[0]], "These can be changed: name, filter.")
    wanted: dict[str, Any] = {}
    if "name" in changes:
        wanted["name"] = _name(changes["name"])
    if "filter" in changes:
        if (changes["filter"] is None) is not before.is_list:
            raise Invalid(
                "filter", changes["filter"], "A list stays a list, a live filter a filter: make a new segment."
            )
        wanted["filter"] = None if before.is_list else _filter(world, changes["filter"])
    return wanted


def _name(value: object) -> str:
    name = value.strip() if isinstance(value, str) else ""
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise Invalid("name", value, f"Give a name of 1 to {MAX_NAME} printable characters.")
    return name


def _filter(world: World, json: object) -> dict[str, Any]:
    tree = parsed(json)
    _names_lists(world, tree)
    return as_json(tree)


def _names_lists(world: World, tree: Filter) -> None:
    """A membership that can never hold is a mistake that nobody would see."""
    named = [condition.value for condition in conditions(tree) if condition.field == MEMBERSHIP]
    ids = [str(each) for value in named for each in (value if isinstance(value, tuple) else (value,))]
    known = world.segments.read_many(list(dict.fromkeys(ids)))
    for each in ids:
        if each not in known or not known[each].is_list:
            raise Invalid("filter", each, "A condition on `segment` takes the id of a static list that there is.")


def _moved_on(segment: Segment) -> Conflict:
    return Conflict(f"The segment {segment.id} was changed meanwhile.", hint="Read it again and repeat your change.")
