"""Segments: static lists kept by hand or by import, and live filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from chalicelib.model.contact import MAX_LISTS, Contact
from chalicelib.model.cursor import cut, place_of
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.filter import Filter, as_json, memberships, parsed
from chalicelib.model.filter_forms import read_filter
from chalicelib.model.ids import ID, is_id
from chalicelib.model.nesting import checked_nesting
from chalicelib.model.segment import Segment
from chalicelib.work import contacts, definitions, filling, following, history, judging
from chalicelib.work.categories import checked_names
from chalicelib.work.filter_names import NamesInUse
from chalicelib.work.world import World

MAX_NAME = 100
MAX_LIVE = 200
TRIES = 5
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
        raise _moved_on(before)
    after = replace(before, **_checked(world, before, changes))
    if after == before:
        return before
    after = replace(after, version=before.version + 1, updated_at=world.now())
    if after.filter == before.filter:
        if not world.segments.update(after, before.version):
            raise _moved_on(before)
        return after
    return _refiltered(world, before, after)


def _refiltered(world: World, before: Segment, after: Segment) -> Segment:
    """Whom another filter finds is still to be known; and so with every live segment that asks for this one."""
    after = _anew(after)
    if not world.segments.update(after, before.version, emptied=True):
        raise _moved_on(before)
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


def delete(world: World, segment_id: str, expected_version: int | None = None) -> None:
    """A broadcast that is still being planned on it pauses and says so."""
    segment = read(world, segment_id)
    if expected_version not in (None, segment.version) or not world.segments.delete(segment.id, segment.version):
        raise _moved_on(segment)
    if not segment.is_list:
        world.memberships.drop(segment.roster, filling.MOST_DROPPED)


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]:
    return world.segments.page(limit, cursor)


def members(world: World, segment_id: str, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
    """In the order of their ids. Raises NotFound, Conflict (a live filter whose members are not known yet), Invalid."""
    segment = read(world, segment_id)
    if not segment.is_kept:
        mend = "Its size is null until then: try again in a moment."
        raise Conflict(f"Whom {segment.name} finds is still being looked up.", hint=mend)
    after = place_of(cursor, ID) if cursor else ""
    ids, following_page = cut(world.segments.members(segment.roster, after, limit + 1), limit, str)
    contacts_by_id = world.contacts.read_many(ids)
    return [contacts_by_id[each] for each in ids if each in contacts_by_id], following_page


def put_member(world: World, segment_id: str, who: str, by: str = "") -> None:
    """Puts a contact (id or address) into a segment; once is as good as twice. In a live one it stays, whatever the
    filter says.
    """
    segment = _named_segment(world, segment_id)
    if not segment.is_list:
        return _by_hand(world, segment, who, by, belongs=True)
    for _ in range(TRIES):
        contact = _contact(world, who)
        _has_room(contact, segment.id)
        if world.segments.add_member(segment.id, _noted(world, contact, contact.lists | {segment.id}, by)):
            return None
    raise _moved_on(segment)


def remove_member(world: World, segment_id: str, who: str, by: str = "") -> None:
    """Takes a contact (id or address) out of a segment; nothing where it is not on a list. It stays out of a live one,
    whatever the filter says.

    Contacts keep the ids of lists that were deleted: such an id can be taken off too.
    """
    if is_id(segment_id) and world.segments.read(segment_id) is None:
        return _forget(world, segment_id, who)
    segment = _named_segment(world, segment_id)
    if not segment.is_list:
        return _by_hand(world, segment, who, by, belongs=False)
    for _ in range(TRIES):
        contact = _contact(world, who)
        if world.segments.remove_member(segment.id, _noted(world, contact, contact.lists - {segment.id}, by)):
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
        after = history.noted(world, contact, after)
        if world.contacts.update(after, contact.version):
            return
    raise Conflict(f"The contact {contact.id} was changed meanwhile.", hint="Repeat it.")


def _noted(world: World, contact: Contact, lists: frozenset[str], by: str) -> Contact:
    """The contact as it is, but for the edit that says on which lists it is going to be."""
    return replace(contact, edit=history.noted(world, contact, replace(contact, lists=lists), by).edit)


def unhand(world: World, segment_id: str, who: str, by: str = "") -> None:
    """Takes back what was decided by hand about a contact and a live segment: its filter decides again."""
    segment = _named_segment(world, segment_id)
    if segment.is_list:
        mend = "PUT puts a contact on it, DELETE takes it off."
        raise Conflict(f"{segment.name} is a list: all of it is by hand.", field="segment_id", hint=mend)
    _by_hand(world, segment, who, by, belongs=None)


def _by_hand(world: World, segment: Segment, who: str, by: str, *, belongs: bool | None) -> None:
    for _ in range(TRIES):
        contact = _contact(world, who)
        if belongs:
            _has_room(contact, segment.id)
        if belongs is False:
            _has_room_to_bar(contact, segment.id)
        lists = contact.lists | {segment.id} if belongs else contact.lists - {segment.id}
        barred = contact.barred | {segment.id} if belongs is False else contact.barred - {segment.id}
        after = replace(contact, lists=lists, barred=barred)
        if after == contact:
            return
        after = history.noted(world, contact, after, by)
        after = replace(after, version=contact.version + 1, updated_at=world.now())
        if world.contacts.update(after, contact.version):
            following.follow(world, [contact.id])
            return
    raise _moved_on(segment)


def _named_segment(world: World, segment_id: str) -> Segment:
    with _named("segment_id"):
        return read(world, segment_id)


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


def _has_room_to_bar(contact: Contact, segment_id: str) -> None:
    if len(contact.barred) >= MAX_LISTS and segment_id not in contact.barred:
        message = f"The contact {contact.id} was taken out of {MAX_LISTS} live segments already."
        raise Conflict(message, field="contact_id", hint="Let the filter of one of them decide again first.")


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


def _moved_on(segment: Segment) -> Conflict:
    message = f"The segment {segment.id} was changed meanwhile."
    return Conflict(message, field="version", hint="Read it again and repeat your change.")
