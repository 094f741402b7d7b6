"""`/v1/segments`: static lists, and live filters over contacts' fields."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import ASKS, Call, route
from chalicelib.api.times import iso
from chalicelib.model.filter import as_json, parsed
from chalicelib.model.filter_text import as_text
from chalicelib.model.segment import Segment
from chalicelib.work import belonging, explaining, segment_preview, segment_sizes, segments

blueprint = Blueprint(__name__)


# A tree, the same as text, or Mautic's flat list.
FilterForm = dict[str, Any] | str | list[Any]


class New(msgspec.Struct, forbid_unknown_fields=True):
    """Without a filter it is a static list. People see a `public` one by its `names`, by language."""

    name: str
    filter: FilterForm | None = None
    public: bool = False
    names: dict[str, str] = {}


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    filter: FilterForm


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    name: str | UnsetType = UNSET
    filter: FilterForm | UnsetType | None = UNSET
    public: bool | UnsetType = UNSET
    names: dict[str, str] | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/segments")
def create(call: Call) -> Response:
    given = call.decoded(New)
    made = segments.create(call.world, given.name, given.filter, public=given.public, names=given.names)
    return answer(shown(made), 201)


@route(blueprint, "GET", "/segments")
def index(call: Call) -> object:
    items, cursor = segments.page(call.world, call.limit, call.cursor)
    return page([shown(segment) for segment in items], cursor)


@route(blueprint, "POST", "/segments/preview", ASKS)
def preview(call: Call) -> object:
    """Whom a filter would find. `count` is exact, or an estimate from the `sampled` contacts."""
    found = segment_preview.preview(call.world, call.decoded(Asked).filter)
    return {
        "count": found.count,
        "exact": found.exact,
        "sampled": found.sampled,
        "sample": [
            {"id": contact.id, "address": contact.address, "fields": dict(contact.fields)} for contact in found.sample
        ],
        "filter": as_json(found.tree),
        "text": as_text(found.tree),
    }


@route(blueprint, "GET", "/segments/{segment_id}")
def read(call: Call, segment_id: str) -> object:
    return shown(segments.read(call.world, segment_id))


@route(blueprint, "PATCH", "/segments/{segment_id}")
def update(call: Call, segment_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(segments.update(call.world, segment_id, changes, version))


@route(blueprint, "DELETE", "/segments/{segment_id}")
def delete(call: Call, segment_id: str) -> Response:
    segments.delete(call.world, segment_id, call.expected)
    return empty()


@route(blueprint, "PUT", "/segments/{segment_id}/contacts/{contact}")
def put_member(call: Call, segment_id: str, contact: str) -> Response:
    belonging.put_member(call.world, segment_id, contact)
    return empty()


@route(blueprint, "DELETE", "/segments/{segment_id}/contacts/{contact}")
def remove_member(call: Call, segment_id: str, contact: str) -> Response:
    belonging.remove_member(call.world, segment_id, contact)
    return empty()


@route(blueprint, "DELETE", "/segments/{segment_id}/contacts/{contact}/by-hand")
def unhand(call: Call, segment_id: str, contact: str) -> Response:
    """What was decided by hand about a live segment is taken back: its filter decides again."""
    belonging.unhand(call.world, segment_id, contact)
    return empty()


@route(blueprint, "GET", "/segments/{segment_id}/contacts")
def members(call: Call, segment_id: str) -> object:
    """In the order of their ids. Of a live segment as they are kept, within seconds of a change."""
    items, cursor = belonging.members(call.world, segment_id, call.limit, call.cursor)
    return page([{"id": each.id, "address": each.address, "fields": dict(each.fields)} for each in items], cursor)


@route(blueprint, "GET", "/segments/{segment_id}/contacts/{contact}/why")
def why(call: Call, segment_id: str, contact: str) -> object:
    """Whether and why a contact is in it: `reason` goes through the filter part by part."""
    return asdict(explaining.why(call.world, segment_id, contact))


@route(blueprint, "GET", "/segments/{segment_id}/sizes")
def sizes(call: Call, segment_id: str) -> object:
    found = segment_sizes.over_time(call.world, segment_id)
    return {"items": [{"day": day.isoformat(), "size": size} for day, size in found]}


def shown(segment: Segment) -> dict[str, Any]:
    """`size` is null until a live filter has found everybody for the first time. `text` is the filter as people read
    it.
    """
    return {
        "id": segment.id,
        "name": segment.name,
        "kind": "list" if segment.is_list else "filter",
        "filter": segment.filter,
        "text": None if segment.filter is None else as_text(parsed(segment.filter)),
        "size": segment.size,
        "passed_at": iso(segment.passed_at or None),
        "public": segment.public,
        "names": dict(segment.names),
        "version": segment.version,
        "created_at": iso(segment.created_at),
        "updated_at": iso(segment.updated_at),
    }
