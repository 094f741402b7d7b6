"""Contacts: the table and its search, one contact's profile, and what is done with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.console import contact_fields
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import ROWS, SAFE, Headers, Visit
from chalicelib.console.words import said
from chalicelib.model.contact import Contact
from chalicelib.model.countries import NAMES
from chalicelib.model.definition import Definition
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.zones import known_zones
from chalicelib.work import (
    belonging,
    companies,
    contacts,
    definitions,
    erasing,
    keeping,
    knowing,
    merging,
    segments,
    stages,
    tags,
    timeline,
)
from chalicelib.work import suppression_list as suppressions
from chalicelib.work.permitting import require
from chalicelib.work.survivors import survivor
from chalicelib.work.timeline import KINDS, Entry

blueprint = Blueprint(__name__)

HERE = "/console/contacts"
# As many as stand in one list to choose from; with more, an id is typed.
MOST_CHOICES = 300


@shows(blueprint, "/contacts")
def index(visit: Visit) -> Response:
    search = visit.browser.query.get("search", "").strip()
    try:
        found, cursor = contacts.page(visit.world, ROWS, visit.cursor, search or None)
    except Invalid as fault:
        return replace(visit, fault=fault).page("contacts/index", contacts=[], next=None, search=search)
    return visit.page("contacts/index", contacts=found, next=cursor, search=search)


@shows(blueprint, "/contacts/new")
def new(visit: Visit) -> Response:
    require(visit.world, "editor")
    known = definitions.by_alias(visit.world)
    inputs = contact_fields.inputs(visit, known, definitions.defaults(known))
    lists = [(each.id, each.name) for each in every_segment(visit) if each.is_list]
    return visit.page("contacts/new", inputs=inputs, lists=lists, taken=_taken(visit), **_choices(visit, known))


@changes(blueprint, "/contacts/new", again=new)
def create(visit: Visit) -> Response:
    known = definitions.by_alias(visit.world)
    fields = contact_fields.typed_values(visit, known, definitions.defaults(known))
    contact = contacts.create(
        visit.world,
        visit.one("address"),
        {alias: value for alias, value in fields.items() if value is not None},
        consent=visit.one("consent") == "1",
        tags=_tags(visit),
    )
    for each in visit.many("lists"):
        belonging.put_member(visit.world, each, contact.id)
    return visit.go(f"{HERE}/{contact.id}", "contacts.created", name=contact.address)


@shows(blueprint, "/contacts/{contact_id}")
def show(visit: Visit, contact_id: str) -> Response:
    contact = contacts.read(visit.world, contact_id)
    known = definitions.by_alias(visit.world)
    inputs = contact_fields.inputs(visit, known, contact.fields)
    return visit.page(
        "contacts/show",
        contact=contact,
        inputs=inputs,
        meanwhile=_meanwhile(visit, contact, inputs) if _is_old(visit.fault) else [],
        suppression=suppressions.read(visit.world, contact.address).suppression,
        merge=_merge(visit, contact),
        segments=_segments(visit, contact),
        own_tags=[(each, each) for each in sorted(contact.tags)],
        **_choices(visit, known),
        **_past(visit, contact),
    )


def _is_old(fault: Fault | None) -> bool:
    return isinstance(fault, Conflict) and fault.field == "version"


def _meanwhile(visit: Visit, contact: Contact, inputs: Sequence[contact_fields.Input]) -> list[tuple[str, str]]:
    """What stands now where something else was typed, by what it is called."""
    plain = {name: said(visit.language, f"contacts.{name}") for name in ("address", "stage", "points")}
    own = [(label, visit.one(name), str(getattr(contact, name))) for name, label in plain.items()]
    own += [(each.label, *contact_fields.typed_and_kept(visit, each)) for each in inputs if each.kind != "kept"]
    return [(label, kept) for label, typed, kept in own if typed != kept]


@shows(blueprint, "/contacts/{contact_id}/timeline")
def past(visit: Visit, contact_id: str) -> Response:
    """The part of the page that is asked for alone: other kinds, or what came before."""
    contact = contacts.read(visit.world, contact_id)
    return visit.page("contacts/timeline", contact=contact, **_past(visit, contact))


@changes(blueprint, "/contacts/{contact_id}", again=show)
def update(visit: Visit, contact_id: str) -> Response:
    before = contacts.read(visit.world, contact_id)
    fields = contact_fields.typed_values(visit, definitions.by_alias(visit.world), before.fields)
    wanted: dict[str, Any] = {name: visit.one(name) for name in ("address", "owner_id", "company_id", "stage")}
    wanted |= {"consent": visit.one("consent") == "1", "tracking": visit.one("tracking") == "1"}
    wanted |= {"fields": fields, "tags": _tags(visit), "points": _points(visit, before)}
    after = contacts.update(visit.world, contact_id, wanted, visit.whole("version"))
    return visit.go(f"{HERE}/{after.id}", "frame.saved")


@changes(blueprint, "/contacts/{contact_id}/join", again=show)
def join(visit: Visit, contact_id: str) -> Response:
    segment = segments.read(visit.world, visit.one("segment_id"))
    belonging.put_member(visit.world, segment.id, contact_id)
    return visit.go(f"{HERE}/{contact_id}", "contacts.joined", name=segment.name)


@changes(blueprint, "/contacts/{contact_id}/leave", again=show)
def leave(visit: Visit, contact_id: str) -> Response:
    belonging.remove_member(visit.world, visit.one("segment_id"), contact_id)
    return visit.go(f"{HERE}/{contact_id}", "contacts.left")


@changes(blueprint, "/contacts/{contact_id}/merge", again=show)
def merge(visit: Visit, contact_id: str) -> Response:
    job = merging.begin(visit.world, contact_id, visit.one("into"))
    return visit.go(f"{HERE}/{job.into}", "contacts.merging")


@shows(blueprint, "/contacts/{contact_id}/access")
def access(visit: Visit, contact_id: str) -> Response:
    """All that is stored about the person, as a file."""
    contact = contacts.read(visit.world, contact_id)
    told = knowing.known_of(visit.world, survivor(visit.world, contact.id) or contact)
    disposition = f'attachment; filename="{contact.id}.json"'
    headers: Headers = {**SAFE, "Content-Type": "application/json", "Content-Disposition": disposition}
    return Response(msgspec.json.format(msgspec.json.encode(told)), headers)


@changes(blueprint, "/contacts/{contact_id}/erase", again=show)
def erase(visit: Visit, contact_id: str) -> Response:
    """Confirmed by the address: it cannot be undone."""
    contact = contacts.read(visit.world, contact_id)
    if visit.one("confirm").casefold() != contact.address.casefold():
        raise Invalid("confirm", visit.one("confirm"), said(visit.language, "contacts.erase-other"))
    receipt = erasing.begin(visit.world, survivor(visit.world, contact.id) or contact)
    return visit.go(f"/console/erasures/{receipt.id}", "contacts.erasing")


@changes(blueprint, "/contacts/{contact_id}/delete", again=show)
def delete(visit: Visit, contact_id: str) -> Response:
    contacts.delete(visit.world, contact_id)
    return visit.go(HERE, "contacts.deleted")


def _choices(visit: Visit, known: Mapping[str, Definition]) -> dict[str, Any]:
    """What there is to choose from; of companies the first."""
    types = {each.type for each in known.values()}
    owners = sorted(keeping.every(visit.world.owners), key=lambda each: each.name.casefold())
    firms, more = companies.page(visit.world, MOST_CHOICES, None)
    return {
        "owners": [("", "\N{EN DASH}"), *((each.id, each.name or each.address) for each in owners)],
        "companies": None if more else [("", "\N{EN DASH}"), *((each.id, each.name) for each in firms)],
        "stages": [each.name for each in stages.every(visit.world)],
        "known_tags": [each.name for each in tags.page(visit.world, MOST_CHOICES, None)[0]],
        "countries": sorted(NAMES.values()) if "country" in types else [],
        "zones": sorted(set(known_zones().values())) if "timezone" in types else [],
    }


def _tags(visit: Visit) -> Sequence[str]:
    added = [each.strip() for each in visit.one("new_tags").split("|") if each.strip()]
    return list(dict.fromkeys([*visit.many("tags"), *added]))


def _points(visit: Visit, before: Contact) -> object:
    text = visit.one("points")
    try:
        return int(text) if text else before.points
    except ValueError:
        return text


def _taken(visit: Visit) -> Contact | None:
    """Whose address it is that was typed for a new contact."""
    if not isinstance(visit.fault, Conflict) or visit.fault.field != "address":
        return None
    try:
        return contacts.read(visit.world, visit.one("address"))
    except Fault:
        return None


def _merge(visit: Visit, contact: Contact) -> object:
    try:
        return merging.read(visit.world, contact.id)
    except NotFound:
        return None


def _segments(visit: Visit, contact: Contact) -> dict[str, Any]:
    """The lists that it is on, the live segments that it is in, and the lists that it can still be put on."""
    everything = every_segment(visit)
    more = visit.world.segments.read_many(sorted(contact.lists)).values()
    live = [each for each in everything if not each.is_list and each.is_kept]
    found = visit.world.memberships.standing({each.roster: [contact.id] for each in live})
    return {
        "own": sorted((each for each in more if each.is_list), key=lambda each: each.name.casefold()),
        "live": [each for each in live if (each.roster, contact.id) in found],
        "other": [(each.id, each.name) for each in everything if each.is_list and each.id not in contact.lists],
    }


def _past(visit: Visit, contact: Contact) -> dict[str, Any]:
    kind = visit.browser.query.get("kind", "")
    kind = kind if kind in KINDS else ""
    entries, cursor = timeline.page(visit.world, contact, ROWS, visit.cursor, kind or None)
    return {"entries": entries, "next": cursor, "kind": kind, "kinds": KINDS, "emails": _emails(visit, entries)}


def _emails(visit: Visit, entries: Sequence[Entry]) -> dict[str, Email]:
    ids = {EMAIL_OF[each.kind](each.thing) for each in entries if each.kind in EMAIL_OF}
    found = {each: visit.world.emails.read(each) for each in sorted(ids)}
    return {each: email for each, email in found.items() if email is not None}


EMAIL_OF: Mapping[str, Any] = MappingProxyType(
    {"message": lambda message: message.email, "event": lambda fact: fact.event.email}
)
