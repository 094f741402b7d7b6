"""What we know about a person, for that person (GDPR article 15): everything that is stored under their contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from heapq import nlargest
from typing import Any

from chalicelib.model.category import Category
from chalicelib.model.consent import Consent
from chalicelib.model.contact import Contact, Edit
from chalicelib.model.fact import Fact
from chalicelib.model.message import Message
from chalicelib.work import consenting, history
from chalicelib.work.past import log
from chalicelib.work.world import World

# An answer of Lambda's has 6 MB at the most; the newest are told first.
MOST_MESSAGES = 1_000


def known_of(world: World, contact: Contact) -> dict[str, Any]:
    """As JSON takes it; times in ISO 8601, UTC. `messages` are the newest MOST_MESSAGES, and `complete` says whether
    those are all.
    """
    messages, facts = log(world, contact)
    newest = nlargest(MOST_MESSAGES, messages, key=lambda message: (message.at, str(message.key)))
    suppression = world.suppressions.read(world.signer.hashed("address", contact.address))
    return {
        "contact": _contact(contact),
        "do_not_contact": {"reason": suppression.reason, "since": _iso(suppression.at)} if suppression else None,
        "lists": [{"id": each.id, "name": each.name} for each in _lists(world, contact)],
        "categories_left": [{"id": each.id, "name": each.name} for each in _left(world, contact)],
        "consents": [_consent(each) for each in consenting.told(world, contact)],
        "messages": [_message(each, facts[each.key].facts if each.key in facts else ()) for each in newest],
        "changes": [_edit(each) for each in history.edits(world, contact)],
        "merged": [_contact(each) for each in world.contacts.read_many(list(contact.absorbed)).values()],
        "complete": len(newest) == len(messages),
    }


def _lists(world: World, contact: Contact) -> Iterator[Any]:
    known = world.segments.read_many(sorted(contact.lists))
    return (known[each] for each in sorted(known))


def _left(world: World, contact: Contact) -> Iterator[Category]:
    known = world.categories.read_many(sorted(contact.preferences.left))
    return (known[each] for each in sorted(known))


def _contact(contact: Contact) -> dict[str, Any]:
    preferences = contact.preferences
    return {
        "id": contact.id,
        "address": contact.address,
        "fields": dict(contact.fields),
        "consent": contact.consent,
        "tracking": contact.tracking,
        "owner": contact.owner_id or None,
        "company": contact.company_id or None,
        "tags": sorted(contact.tags),
        "points": contact.points,
        "stage": contact.stage or None,
        "most_per_week": preferences.most_per_week or None,
        "paused_until": _iso(preferences.paused_until),
        "new_address_waiting": preferences.wanted_address or None,
        "created_at": _iso(contact.created_at),
        "updated_at": _iso(contact.updated_at),
    }


def _edit(edit: Edit) -> dict[str, Any]:
    changes = [{"name": name, "before": before, "after": after} for name, before, after in edit.what]
    return {"at": _iso(edit.at), "by": "you" if edit.by == history.PERSON else "the team", "changes": changes}


def _consent(consent: Consent) -> dict[str, Any]:
    said = {name: value for name, value in asdict(consent).items() if value and name not in ("contact", "at")}
    return {"at": _iso(consent.at)} | said


def _message(message: Message, facts: tuple[Fact, ...]) -> dict[str, Any]:
    return {
        "id": str(message.key),
        "email": message.email,
        "state": message.state,
        "at": _iso(message.at),
        "values": dict(message.tokens),
        "facts": [_fact(each) for each in facts],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    event = fact.event
    told = {"kind": event.kind, "at": _iso(event.at), "link": event.link, "detail": dict(event.detail)}
    return told | ({"judged": asdict(fact.verdict)} if fact.verdict else {})


def _iso(at: int) -> str | None:
    return datetime.fromtimestamp(at / 1_000, UTC).isoformat(timespec="seconds") if at else None
