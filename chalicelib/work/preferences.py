"""What a person chooses for themselves: kinds of e-mails, lists, how often, a pause, language, tracking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from chalicelib.model.category import Category
from chalicelib.model.consent import ConsentKind
from chalicelib.model.contact import MAX_LISTS, Contact
from chalicelib.model.errors import Conflict
from chalicelib.model.family import LOCALE
from chalicelib.model.fields import merged
from chalicelib.model.segment import Segment
from chalicelib.work import belonging, consenting, following, history, keeping
from chalicelib.work.consenting import Visit
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

TRIES = 5
MAX_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """What people may choose among: public categories and public lists."""

    categories: tuple[Category, ...]
    lists: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose: ids of the offered categories and lists that they want, the rest as contacts keep it.
    `language` is "" to leave it as it is.
    """

    categories: frozenset[str]
    lists: frozenset[str]
    most_per_week: int
    paused_until: int
    language: str
    tracking: bool


def offer(world: World) -> Offer:
    """At most MAX_OFFERED of each, by name."""
    categories = sorted((each for each in keeping.every(world.categories) if each.public), key=_by_name)
    lists = sorted((each for each in following.every(world) if each.public and each.is_list), key=_by_name)
    return Offer(tuple(categories[:MAX_OFFERED]), tuple(lists[:MAX_OFFERED]))


def save(world: World, contact_id: str, wish: Wish, offered: Offer, visit: Visit) -> Contact | None:
    """The contact as it is then; None where it is gone. What was not offered stays as it is."""
    asked = frozenset(each.id for each in offered.categories)
    after = change(world, contact_id, lambda before: _wished(before, wish, asked), visit)
    if after is None:
        return None
    for each in offered.lists:
        _on_list(world, after, each.id, wanted=each.id in wish.lists)
    return world.contacts.read(after.id)


def leave_category(world: World, contact_id: str, category: str, visit: Visit) -> bool:
    """False where the contact is gone."""
    after = change(world, contact_id, lambda before: _left(before, before.preferences.left | {category}), visit)
    return after is not None


def join_category(world: World, contact_id: str, category: str, visit: Visit) -> bool:
    after = change(world, contact_id, lambda before: _left(before, before.preferences.left - {category}), visit)
    return after is not None


def change(world: World, contact_id: str, wished: Callable[[Contact], Contact], visit: Visit) -> Contact | None:
    """The contact so changed, and what that says about consent kept; None where it is gone. What is asked of a merged
    one is asked of the one that took it over.
    """
    for _ in range(TRIES):
        before = survivor(world, contact_id)
        if before is None:
            return None
        after = wished(before)
        if after == before:
            return before
        after = replace(after, version=before.version + 1, updated_at=world.now())
        after = history.noted(world, before, after, history.PERSON)
        if world.contacts.update(after, before.version):
            _keep_history(world, before, after, visit)
            return after
    raise Conflict(f"The contact {contact_id} was changed meanwhile.", hint="Try again.")


def _wished(before: Contact, wish: Wish, asked: frozenset[str]) -> Contact:
    left = (before.preferences.left - asked) | (asked - wish.categories)
    preferences = replace(
        before.preferences, left=left, most_per_week=wish.most_per_week, paused_until=wish.paused_until
    )
    fields = merged(before.fields, {LOCALE: wish.language}) if wish.language else before.fields
    return replace(before, preferences=preferences, fields=fields, tracking=wish.tracking)


def _left(before: Contact, left: frozenset[str]) -> Contact:
    return replace(before, preferences=replace(before.preferences, left=left))


def _on_list(world: World, contact: Contact, segment_id: str, *, wanted: bool) -> None:
    """Nothing where it is as wanted, or where the contact is on as many lists as there may be."""
    if wanted and segment_id not in contact.lists and len(contact.lists) < MAX_LISTS:
        belonging.put_member(world, segment_id, contact.id, history.PERSON)
    elif not wanted and segment_id in contact.lists:
        belonging.remove_member(world, segment_id, contact.id, history.PERSON)


def _keep_history(world: World, before: Contact, after: Contact, visit: Visit) -> None:
    for kind, category in _said(before, after):
        consenting.keep(world, after.id, kind, after.updated_at, visit, category=category)


def _said(before: Contact, after: Contact) -> Iterator[tuple[ConsentKind, str]]:
    old, new = before.preferences.left, after.preferences.left
    yield from (("category_left", each) for each in sorted(new - old))
    yield from (("category_joined", each) for each in sorted(old - new))
    if before.tracking != after.tracking:
        yield ("tracking_given" if after.tracking else "tracking_withdrawn"), ""


def _by_name(thing: Category | Segment) -> tuple[str, str]:
    return thing.name.lower(), thing.id
