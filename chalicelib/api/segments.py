"""`/v1/segments`: static lists, and live filters over contacts' fields."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.segment import Segment
from chalicelib.work import segments

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    """Without a filter it is a static list."""

    name: str
    filter: dict[str, Any] | None = None


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    name: str | UnsetType = UNSET
    filter: dict[str, Any] | UnsetType | None = UNSET
    version: int | None = None


@route(blueprint, "POST", "/segments")
def create(call: Call) -> Response:
    given = call.decoded(New)
    return answer(shown(segments.create(call.world, given.name, given.filter)), 201)


@route(blueprint, "GET", "/segments")
def index(call: Call) -> object:
    items, cursor = segments.page(call.world, call.limit, call.cursor)
    return page([shown(segment) for segment in items], cursor)


@route(blueprint, "GET", "/segments/{segment_id}")
def read(call: Call, segment_id: str) -> object:
    return shown(segments.read(call.world, segment_id))


@route(blueprint, "PATCH", "/segments/{segment_id}")
def update(call: Call, segment_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(segments.update(call.world, segment_id, changes, version))


@route(blueprint, "DELETE", "/segments/{segment_id}")
def delete(call: Call, segment_id: str) -> Response:
    segments.delete(call.world, segment_id)
    return empty()


@route(blueprint, "PUT", "/segments/{segment_id}/contacts/{contact}")
def put_member(call: Call, segment_id: str, contact: str) -> Response:
    segments.put_member(call.world, segment_id, contact)
    return empty()


@route(blueprint, "DELETE", "/segments/{segment_id}/contacts/{contact}")
def remove_member(call: Call, segment_id: str, contact: str) -> Response:
    segments.remove_member(call.world, segment_id, contact)
    return empty()


def shown(segment: Segment) -> dict[str, Any]:
    """`size` is null for a live filter: `/v1/emails/{id}/pending` counts."""
    return {
        "id": segment.id,
        "name": segment.name,
        "kind": "list" if segment.is_list else "filter",
        "filter": segment.filter,
        "size": segment.size,
        "version": segment.version,
        "created_at": iso(segment.created_at),
        "updated_at": iso(segment.updated_at),
    }
