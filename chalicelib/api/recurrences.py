"""`/v1/recurrences`: e-mails that are broadcast again and again, each time as an edition of its own."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.api.whens import moment
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.zones import zone_name
from chalicelib.work import recurring, workspaces

blueprint = Blueprint(__name__)


class NewRecurrence(msgspec.Struct, forbid_unknown_fields=True):
    """`cron` on the wall clock of `zone`, the workspace's where none is given; the e-mail's own segments by default."""

    cron: str
    zone: str | None = None
    segments: list[str] | None = None
    exclude: list[str] | None = None
    ends_at: str | None = None


@route(blueprint, "POST", "/emails/{email_id}/recurrences")
def create(call: Call, email_id: str) -> Response:
    given = call.decoded(NewRecurrence)
    zone = workspaces.read(call.world).zone if given.zone is None else zone_name(given.zone, "zone")
    ends_at = None if given.ends_at is None else moment(call.world, "ends_at", given.ends_at, zone)
    asked = recurring.Asked(given.cron, zone, given.segments, given.exclude, ends_at)
    return answer(shown(recurring.create(call.world, email_id, asked)), 201)


@route(blueprint, "GET", "/recurrences")
def index(call: Call) -> object:
    found, cursor = call.world.recurrences.page(call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "GET", "/recurrences/{recurrence_id}")
def read(call: Call, recurrence_id: str) -> object:
    return shown(recurring.read(call.world, recurrence_id))


@route(blueprint, "POST", "/recurrences/{recurrence_id}/pause")
def pause(call: Call, recurrence_id: str) -> object:
    return shown(recurring.pause(call.world, recurrence_id))


@route(blueprint, "POST", "/recurrences/{recurrence_id}/resume")
def resume(call: Call, recurrence_id: str) -> object:
    return shown(recurring.resume(call.world, recurrence_id))


@route(blueprint, "DELETE", "/recurrences/{recurrence_id}")
def delete(call: Call, recurrence_id: str) -> Response:
    recurring.delete(call.world, recurrence_id)
    return empty()


def shown(recurrence: Recurrence) -> dict[str, Any]:
    """`edition` and `broadcast` are those of the latest occurrence; `reason` why it was paused by itself."""
    return {
        "id": recurrence.id,
        "email": recurrence.email,
        "cron": recurrence.cron,
        "zone": recurrence.zone,
        "segments": recurrence.segments,
        "exclude": recurrence.exclude,
        "state": recurrence.state,
        "reason": recurrence.reason or None,
        "next_at": iso(recurrence.next_at) if recurrence.state == "active" else None,
        "ends_at": iso(recurrence.ends_at),
        "occurrences": recurrence.occurrences,
        "edition": recurrence.edition or None,
        "broadcast": recurrence.broadcast or None,
        "created_at": iso(recurrence.created_at),
    }
