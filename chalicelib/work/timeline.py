"""All that is known to have happened with a contact, the newest first: messages, what came back about them, consent,
changes.

A contact's rows are few, and lie in a few partitions of its own: a page reads them all and keeps what it shows. What
went to contacts that were merged into this one is its own past too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import Literal, get_args

from chalicelib.model.consent import Consent
from chalicelib.model.contact import Contact, Edit
from chalicelib.model.cursor import cut, place_of
from chalicelib.model.errors import Invalid
from chalicelib.model.fact import Fact
from chalicelib.model.message import Message
from chalicelib.model.suppression import Suppression
from chalicelib.work import consenting, history
from chalicelib.work.addresses import address_hash
from chalicelib.work.world import World

Kind = Literal["message", "event", "consent", "change", "suppression", "created"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_PLACE = re.compile(r"[0-9]{1,15} [a-z]{1,20} .{1,2000}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something at a moment (epoch milliseconds); `id` tells apart what is of one moment and kind."""

    at: int
    kind: Kind
    id: str
    thing: Message | Fact | Consent | Edit | Suppression | None = None

    @property
    def place(self) -> tuple[int, str, str]:
        return self.at, self.kind, self.id


def page(
    world: World, contact: Contact, limit: int, cursor: str | None, kinds: str | None = None
) -> tuple[list[Entry], str | None]:
    """`kinds` names those that are wanted, separated by commas; all of them where it does not. Raises Invalid."""
    wanted = _checked(kinds)
    entries = (each for each in _entries(world, contact) if each.kind in wanted)
    if cursor:
        at, kind, identifier = place_of(cursor, _PLACE).split(" ", 2)
        after = (int(at), kind, identifier)
        entries = (each for each in entries if each.place < after)
    newest = nlargest(limit + 1, entries, key=lambda each: each.place)
    return cut(newest, limit, lambda each: " ".join(map(str, each.place)))


def _checked(kinds: str | None) -> frozenset[str]:
    named = frozenset(KINDS if kinds is None else filter(None, kinds.split(",")))
    if not named or named - set(KINDS):
        raise Invalid("kinds", kinds, f"Give some of {', '.join(KINDS)}, separated by commas.")
    return named


def _entries(world: World, contact: Contact) -> Iterator[Entry]:
    yield Entry(contact.created_at, "created", contact.id)
    for each in (contact.id, *contact.absorbed):
        yield from _sent(world, each)
    yield from (Entry(said.at, "consent", said.id, said) for said in consenting.told(world, contact))
    for edit in history.edits(world, contact):
        yield Entry(edit.at, "change", f"{edit.number:010d}", edit)
    suppression = world.suppressions.read(address_hash(world, contact.address))
    if suppression is not None:
        yield Entry(suppression.at, "suppression", suppression.reason, suppression)


def _sent(world: World, contact_id: str) -> Iterator[Entry]:
    messages, feedback = world.messages.of_contact(contact_id)
    yield from (Entry(each.at, "message", str(each.key), each) for each in messages if not each.of)
    for told in feedback:
        for fact in told.facts:
            event = fact.event
            yield Entry(event.at, "event", f"{event.message} {event.kind} {event.id}", fact)
