"""What an export's rows say, a page of them at a time, in the order in which they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from chalicelib.model.contact import Contact
from chalicelib.model.errors import NotFound
from chalicelib.model.export import Export, What
from chalicelib.model.fact import Fact
from chalicelib.model.feedback import Feedback
from chalicelib.model.filter import parsed
from chalicelib.model.filter_text import as_text
from chalicelib.model.message import Message
from chalicelib.model.segment import Segment
from chalicelib.work import audience, definitions, judging
from chalicelib.work.world import World

PAGE = 500
SEGMENTS = 100

Row = dict[str, Any]
# A contact's own columns, as an import takes them, before and behind its fields.
FIRST, LAST = ("address", "id"), (
    "tags", "points", "stage", "owner_id", "company_id", "consent", "tracking", "segments", "created_at", "updated_at",
)  # fmt: skip
# What contacts hold under aliases that nobody defined, as JSON.
OTHERS = "other_fields"
COLUMNS: Mapping[What, tuple[str, ...]] = MappingProxyType(
    {
        "segments": ("id", "name", "kind", "filter", "size", "public", "created_at", "updated_at"),
        "messages": (
            "id", "contact_id", "address", "email", "revision", "broadcast", "state", "reason", "transport", "at",
        ),
        "events": (
            "at", "kind", "message", "contact_id", "address", "email", "link", "label", "device", "client", "detail",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the section and the cursor behind them; None at the end."""

    rows: Sequence[Row]
    following: str | None
    section: int = 0


def columns(world: World, what: What) -> tuple[str, ...]:
    """Of a CSV file, as things are when it begins."""
    if what != "contacts":
        return COLUMNS[what]
    return (*FIRST, *sorted(definitions.by_alias(world)), *LAST, OTHERS)


def page(world: World, job: Export) -> Page:
    """The rows behind the job's cursor. Raises NotFound where the segment is gone."""
    return PAGES[job.what](world, job)


def _contacts(world: World, job: Export) -> Page:
    if not job.segment:
        found, done = world.contacts.scan(job.section, job.sections, job.cursor, PAGE)
        return _sectioned(job, _of_contacts(found), None if done else found[-1].id)
    segment = world.segments.read(job.segment)
    if segment is None:
        raise NotFound(f"There is no segment {job.segment} any more.", field="segment")
    if audience.reads_as_lists(world, [segment]):
        ids = world.segments.members(segment.roster, job.cursor, PAGE)
        known = world.contacts.read_many(ids)
        there = [known[each] for each in ids if each in known]
        return Page(_of_contacts(there), ids[-1] if len(ids) == PAGE else None)
    found, done = world.contacts.scan(0, 1, job.cursor, PAGE)
    belongs = audience.membership({segment.id: segment}, [segment.id], [], judging.of_segments(world, [segment]))
    rows = _of_contacts([each for each in found if belongs(each)])
    return Page(rows, None if done else found[-1].id)


def _of_contacts(found: Sequence[Contact]) -> list[Row]:
    return [_contact(each) for each in found if each.merged_into is None]


def _sectioned(job: Export, rows: Sequence[Row], following: str | None) -> Page:
    """Behind a section's end the next one begins."""
    if following is not None or job.section + 1 >= job.sections:
        return Page(rows, following, job.section)
    return Page(rows, "", job.section + 1)


def _segments(world: World, job: Export) -> Page:
    found, following = world.segments.page(SEGMENTS, job.cursor or None)
    return Page([_segment(each) for each in found], following)


def _messages(world: World, job: Export) -> Page:
    part = world.messages.scan(job.section, job.sections, job.cursor, PAGE)
    wanted = [each for each in part.messages if not each.of and job.email in ("", each.email)]
    addresses = _addresses(world, [each.key.contact for each in wanted])
    rows = [_message(each, addresses.get(each.key.contact, "")) for each in wanted]
    return _sectioned(job, rows, part.following)


def _events(world: World, job: Export) -> Page:
    part = world.messages.scan(job.section, job.sections, job.cursor, PAGE)
    facts = [(told, fact) for told in part.feedback for fact in told.facts if job.email in ("", fact.event.email)]
    addresses = _addresses(world, [told.message.contact for told, _ in facts])
    rows = [_event(told, fact, addresses.get(told.message.contact, "")) for told, fact in facts]
    return _sectioned(job, rows, part.following)


def _addresses(world: World, ids: Sequence[str]) -> dict[str, str]:
    return {each.id: each.address for each in world.contacts.read_many(list(dict.fromkeys(ids))).values()}


PAGES: Mapping[What, Callable[[World, Export], Page]] = MappingProxyType(
    {"contacts": _contacts, "segments": _segments, "messages": _messages, "events": _events}
)


def _contact(contact: Contact) -> Row:
    return {
        "address": contact.address,
        "id": contact.id,
        "fields": dict(contact.fields),
        "tags": sorted(contact.tags),
        "points": contact.points,
        "stage": contact.stage,
        "owner_id": contact.owner_id,
        "company_id": contact.company_id,
        "consent": contact.consent,
        "tracking": contact.tracking,
        "segments": sorted(contact.lists),
        "created_at": _iso(contact.created_at),
        "updated_at": _iso(contact.updated_at),
    }


def _segment(segment: Segment) -> Row:
    return {
        "id": segment.id,
        "name": segment.name,
        "kind": "list" if segment.is_list else "filter",
        "filter": None if segment.filter is None else as_text(parsed(segment.filter)),
        "size": segment.size,
        "public": segment.public,
        "created_at": _iso(segment.created_at),
        "updated_at": _iso(segment.updated_at),
    }


def _message(message: Message, address: str) -> Row:
    return {
        "id": str(message.key),
        "contact_id": message.key.contact,
        "address": address,
        "email": message.email,
        "revision": message.revision,
        "broadcast": message.broadcast,
        "state": message.state,
        "reason": message.reason,
        "transport": message.transport,
        "at": _iso(message.at),
    }


def _event(told: Feedback, fact: Fact, address: str) -> Row:
    event, verdict = fact.event, fact.verdict
    return {
        "at": _iso(event.at),
        "kind": event.kind,
        "message": str(told.message),
        "contact_id": told.message.contact,
        "address": address,
        "email": event.email,
        "link": event.link,
        "label": verdict.label if verdict else None,
        "device": verdict.device if verdict else None,
        "client": verdict.client if verdict else None,
        "detail": msgspec.json.encode(dict(event.detail)).decode() if event.detail else None,
    }


@lru_cache(maxsize=10_000)
def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
