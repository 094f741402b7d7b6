"""Who is in a segment, and what is decided about that by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.model.contact import MAX_LISTS, Contact
from chalicelib.model.cursor import cut, place_of
from chalicelib.model.errors import Conflict, Fault, NotFound
from chalicelib.model.ids import ID, is_id
from chalicelib.model.segment import Segment
from chalicelib.work import contacts, following, history
from chalicelib.work.segments import moved_on, read
from chalicelib.work.world import World

TRIES = 5


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
    raise moved_on(segment)


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
    raise moved_on(segment)


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
    raise moved_on(segment)


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
