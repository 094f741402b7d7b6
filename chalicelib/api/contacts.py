"""`/v1/contacts`: people with one address each. `{contact}` is an id or an address (URL-encoded)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api import erasures, messages
from chalicelib.api.answers import answer, empty, page
from chalicelib.api.messages import shown_fact
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.consent import Consent
from chalicelib.model.contact import Contact, Edit
from chalicelib.model.fact import Fact
from chalicelib.model.merging import Merge
from chalicelib.model.message import Message
from chalicelib.model.preference import Preferences
from chalicelib.model.suppression import Suppression
from chalicelib.work import consenting, contacts, erasing, knowing, merging, timeline
from chalicelib.work.survivors import survivor
from chalicelib.work.timeline import Entry

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    """`fields` by alias; what a field may hold say its definition (`/v1/fields`) and `model/fields.py`."""

    address: str
    fields: dict[str, Any] = {}
    consent: bool = True
    owner_id: str | None = None
    company_id: str | None = None
    tags: list[str] = []
    points: int = 0
    stage: str | None = None


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`fields` are merged, null removes one, as it does an owner, a company or a stage. `tags` are all tags that the
    contact is to have; `add_tags` and `remove_tags` leave the others. `add_points` adds to whatever there are by then,
    or takes away. With `version` the change is refused where it is another by now.
    """

    address: str | UnsetType = UNSET
    fields: dict[str, Any] | UnsetType = UNSET
    consent: bool | UnsetType = UNSET
    tracking: bool | UnsetType = UNSET
    owner_id: str | UnsetType | None = UNSET
    company_id: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET
    add_tags: list[str] | UnsetType = UNSET
    remove_tags: list[str] | UnsetType = UNSET
    points: int | UnsetType = UNSET
    add_points: int | UnsetType = UNSET
    stage: str | UnsetType | None = UNSET
    version: int | None = None


@route(blueprint, "POST", "/contacts")
def create(call: Call) -> Response:
    given = call.decoded(New)
    return answer(shown(contacts.create(call.world, **msgspec.structs.asdict(given))), 201)


@route(blueprint, "GET", "/contacts")
def index(call: Call) -> object:
    """With `search` those whose address, first or last name begins with it."""
    items, cursor = contacts.page(call.world, call.limit, call.cursor, call.query.get("search"))
    return page([shown(contact) for contact in items], cursor)


@route(blueprint, "GET", "/contacts/{contact}")
def read(call: Call, contact: str) -> object:
    return shown(contacts.read(call.world, contact))


@route(blueprint, "PATCH", "/contacts/{contact}")
def update(call: Call, contact: str) -> object:
    changes, version = call.changes(Changes)
    return shown(contacts.update(call.world, contact, changes, version))


@route(blueprint, "DELETE", "/contacts/{contact}")
def delete(call: Call, contact: str) -> Response:
    contacts.delete(call.world, contact, call.expected)
    return empty()


@route(blueprint, "GET", "/contacts/{contact}/access")
def access(call: Call, contact: str) -> object:
    """All that is stored about the person, for the person (GDPR article 15)."""
    found = contacts.read(call.world, contact)
    return knowing.known_of(call.world, survivor(call.world, found.id) or found)


@route(blueprint, "POST", "/contacts/{contact}/erase")
def erase(call: Call, contact: str) -> Response:
    """Erases the person (GDPR article 17). The answer is the receipt as far as it goes: `/v1/erasures/{id}`."""
    found = contacts.read(call.world, contact)
    return answer(erasures.shown(erasing.begin(call.world, survivor(call.world, found.id) or found)), 202)


class Target(msgspec.Struct, forbid_unknown_fields=True):
    """The contact that stays, by id or address."""

    into: str


@route(blueprint, "POST", "/contacts/{contact}/merge")
def merge(call: Call, contact: str) -> Response:
    """Merges this contact into another, which stays."""
    return answer(_merge(merging.begin(call.world, contact, call.decoded(Target).into)), 202)


@route(blueprint, "GET", "/contacts/{contact}/merge")
def merged(call: Call, contact: str) -> object:
    return _merge(merging.read(call.world, contact))


def _merge(job: Merge) -> dict[str, Any]:
    """Until `settles_at` the one that stays is sent no segment e-mail: a call to the other may be under way."""
    return {
        "contact": job.id,
        "into": job.into,
        "state": job.state,
        "reason": job.reason,
        "by": job.by,
        "messages_copied": job.copied,
        "settles_at": iso(job.settles_at) if job.settles_at else None,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
    }


@route(blueprint, "GET", "/contacts/{contact}/consents")
def history(call: Call, contact: str) -> object:
    """The oldest first; all of it."""
    found = contacts.read(call.world, contact)
    return page([_consent(each) for each in consenting.told(call.world, found)], None)


@route(blueprint, "GET", "/contacts/{contact}/timeline")
def events(call: Call, contact: str) -> object:
    """All that is known to have happened, the newest first; with `kinds` (separated by commas) some of it."""
    found = contacts.read(call.world, contact)
    items, cursor = timeline.page(call.world, found, call.limit, call.cursor, call.query.get("kinds"))
    return page([_entry(each) for each in items], cursor)


def _entry(entry: Entry) -> dict[str, Any]:
    """When and what kind, and under the kind's name what it was."""
    more = SHOWN[type(entry.thing)](entry.thing) if entry.thing is not None else {}
    return {"at": iso(entry.at), "kind": entry.kind, **({entry.kind: more} if more else {})}


def _edit(edit: Edit) -> dict[str, Any]:
    changes = [{"name": name, "before": before, "after": after} for name, before, after in edit.what]
    return {"by": edit.by, "changes": changes}


def _suppression(suppression: Suppression) -> dict[str, Any]:
    return {"reason": suppression.reason, "source": suppression.source}


def _event(fact: Fact) -> dict[str, Any]:
    return {"message": str(fact.event.message), "email": fact.event.email} | shown_fact(fact)


def _preferences(preferences: Preferences) -> dict[str, Any]:
    return {
        "categories_left": sorted(preferences.left),
        "most_per_week": preferences.most_per_week or None,
        "paused_until": iso(preferences.paused_until) if preferences.paused_until else None,
    }


def _consent(consent: Consent) -> dict[str, Any]:
    given = {name: value for name, value in asdict(consent).items() if name != "contact"}
    return {name: value if value != "" else None for name, value in given.items()} | {"at": iso(consent.at)}


SHOWN: Mapping[type, Callable[[Any], dict[str, Any]]] = MappingProxyType(
    {Message: messages.shown, Fact: _event, Consent: _consent, Edit: _edit, Suppression: _suppression}
)


def shown(contact: Contact) -> dict[str, Any]:
    return {
        "id": contact.id,
        "address": contact.address,
        "fields": dict(contact.fields),
        "segments": sorted(contact.lists),
        "consent": contact.consent,
        "tracking": contact.tracking,
        "preferences": _preferences(contact.preferences),
        "owner_id": contact.owner_id or None,
        "company_id": contact.company_id or None,
        "tags": sorted(contact.tags),
        "points": contact.points,
        "stage": contact.stage or None,
        "merged_into": contact.merged_into,
        "version": contact.version,
        "created_at": iso(contact.created_at),
        "updated_at": iso(contact.updated_at),
    }
