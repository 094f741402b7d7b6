"""`/v1/erasures`: receipts of what was erased. They name nobody."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint

from chalicelib.api.answers import page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.erasure import Erasure
from chalicelib.work import erasing

blueprint = Blueprint(__name__)


@route(blueprint, "GET", "/erasures")
def index(call: Call) -> object:
    """The newest first."""
    items, cursor = erasing.page(call.world, call.limit, call.cursor)
    return page([shown(each) for each in items], cursor)


@route(blueprint, "GET", "/erasures/{erasure_id}")
def read(call: Call, erasure_id: str) -> object:
    return shown(erasing.read(call.world, erasure_id))


def shown(job: Erasure) -> dict[str, Any]:
    """`removed` are numbers by kind. At `sweeps_at` what was under way meanwhile is looked for once more."""
    return {
        "id": job.id,
        "contacts": job.contacts,
        "address_hashes": job.hashes,
        "source": job.source,
        "state": job.state,
        "removed": dict(job.removed),
        "created_at": iso(job.created_at),
        "sweeps_at": iso(job.sweeps_at) if job.sweeps_at else None,
        "finished_at": iso(job.finished_at),
    }
