"""`/v1/suppressions`: who is not written to, by the keyed hash of the address; no address is kept."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api import imports
from chalicelib.api.answers import JSON, answer, empty, page
from chalicelib.api.csv_answer import csv_answer
from chalicelib.api.imports import BYTES, CSV
from chalicelib.api.routes import Call, Rule, route
from chalicelib.api.times import iso
from chalicelib.model.address_record import Lifted
from chalicelib.model.errors import Invalid
from chalicelib.model.suppression import Suppression
from chalicelib.work import importing, suppression_list
from chalicelib.work.suppression_list import Standing

blueprint = Blueprint(__name__)

MAX_BODY = 1024 * 1024
TAKES_CSV = Rule((CSV, BYTES, JSON), MAX_BODY)
# An answer of Lambda has at most 6 MB.
EXPORTED = 10_000
COLUMNS = ("hash", "reason", "source", "at")


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    reason: str = "suppressed"


class Lifting(msgspec.Struct, forbid_unknown_fields=True):
    """A person's own unsubscription is lifted with `force` alone."""

    force: bool = False


class ImportAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`upload` is the reference that POST /v1/imports {"request_upload": true} answered."""

    upload: str
    reason: str = "imported"


@route(blueprint, "GET", "/suppressions")
def index(call: Call) -> object:
    items, cursor = suppression_list.page(call.world, call.limit, call.cursor)
    return page([_shown(each) for each in items], cursor)


@route(blueprint, "GET", "/suppressions/export")
def export(call: Call) -> Response:
    """CSV, up to 10,000 lines; where there are more, the header `Link` says where they are (RFC 8288)."""
    items, cursor = suppression_list.page(call.world, EXPORTED, call.cursor)
    rows = ((each.address_hash, each.reason, each.source, iso(each.at)) for each in items)
    return csv_answer("/v1/suppressions/export", COLUMNS, rows, cursor)


@route(blueprint, "POST", "/suppressions/import", TAKES_CSV)
def begin_import(call: Call) -> Response:
    """A CSV body takes `reason` from the query: for lines without their own. GET /v1/imports/{id} tells the rest."""
    if call.content_type in (CSV, BYTES):
        reason = call.query.get("reason", ImportAsked("").reason)
        return answer(imports.shown(importing.start_suppressions(call.world, imports.file_of(call), reason)), 202)
    asked = call.decoded(ImportAsked)
    if not asked.upload:
        raise Invalid("upload", asked.upload, f"Send a CSV body as {CSV}, or the reference of an upload.")
    return answer(imports.shown(importing.start_suppressions(call.world, asked.upload, asked.reason)), 202)


@route(blueprint, "GET", "/suppressions/{address}")
def read(call: Call, address: str) -> object:
    return _standing(suppression_list.read(call.world, address))


@route(blueprint, "PUT", "/suppressions/{address}")
def put(call: Call, address: str) -> object:
    return _standing(suppression_list.put(call.world, address, call.decoded(Asked).reason))


@route(blueprint, "DELETE", "/suppressions/{address}")
def lift(call: Call, address: str) -> Response:
    suppression_list.lift(call.world, address, force=call.decoded(Lifting).force)
    return empty()


def _standing(standing: Standing) -> dict[str, Any]:
    """`soft_bounces`: how many count now, of how many within how many days (`of` 0: they never suppress)."""
    space, stands = standing.workspace, standing.suppression
    return {
        "hash": standing.record.address_hash,
        "suppressed": stands is not None,
        "reason": stands.reason if stands else None,
        "source": stands.source if stands else None,
        "at": iso(stands.at) if stands else None,
        "beneath": _shown(standing.beneath) if standing.beneath else None,
        "soft_bounces": {"count": standing.soft_bounces, "of": space.soft_bounces, "days": space.soft_bounce_days},
        "lifted": [_lifted(each) for each in standing.record.lifted],
    }


def _shown(suppression: Suppression) -> dict[str, Any]:
    return {
        "hash": suppression.address_hash.partition("#")[0],
        "reason": suppression.reason,
        "source": suppression.source,
        "at": iso(suppression.at),
    }


def _lifted(lifted: Lifted) -> dict[str, Any]:
    return {"reason": lifted.reason, "source": lifted.source, "since": iso(lifted.since), "at": iso(lifted.at)}
