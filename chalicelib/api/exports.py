"""`/v1/exports`: contacts, segments, messages or events as a file, by a job with its progress."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.export import Export
from chalicelib.work import exporting

blueprint = Blueprint(__name__)


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """`segment` narrows contacts to those of one, `email` messages and events to those of one."""

    what: str
    format: str = "csv"
    segment: str = ""
    email: str = ""


@route(blueprint, "POST", "/exports")
def create(call: Call) -> Response:
    given = call.decoded(Wanted)
    return answer(shown(call, exporting.begin(call.world, given.what, given.format, given.segment, given.email)), 202)


@route(blueprint, "GET", "/exports")
def index(call: Call) -> object:
    """The newest first, without where their files are."""
    items, cursor = exporting.page(call.world, call.limit, call.cursor)
    return page([_listed(each) for each in items], cursor)


@route(blueprint, "GET", "/exports/{export_id}")
def read(call: Call, export_id: str) -> object:
    return shown(call, exporting.read(call.world, export_id))


@route(blueprint, "POST", "/exports/{export_id}/cancel")
def cancel(call: Call, export_id: str) -> object:
    return shown(call, exporting.cancel(call.world, export_id))


def shown(call: Call, job: Export) -> dict[str, Any]:
    """`url` holds for an hour, and is null before the file is there and after it has gone. `share` is what is read of
    it, and `expected` how many rows it will have, about; null where nobody knows.
    """
    progress = exporting.progress(call.world, job)
    return _listed(job) | {
        "share": progress.share,
        "expected": progress.rows,
        "url": exporting.url(call.world, job),
    }


def _listed(job: Export) -> dict[str, Any]:
    """`rows` and `size` (bytes) are what has been written so far."""
    return {
        "id": job.id,
        "what": job.what,
        "format": job.format,
        "segment": job.segment or None,
        "email": job.email or None,
        "state": job.state,
        "reason": job.reason,
        "rows": job.rows,
        "size": job.size,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
        "expires_at": iso(exporting.expires_at(job)) if job.state == "finished" else None,
    }
