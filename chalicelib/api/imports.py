"""`/v1/imports`: a CSV file of contacts, as a job with its progress and a report of the lines not taken."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON, answer, page
from chalicelib.api.bodies import converted, json_of
from chalicelib.api.routes import Call, Rule, route
from chalicelib.api.times import iso
from chalicelib.model.errors import Invalid
from chalicelib.model.importing import MAX_BODY, Import
from chalicelib.work import importing

blueprint = Blueprint(__name__)

CSV, BYTES = "text/csv", "application/octet-stream"
TAKES_CSV = Rule((CSV, BYTES, JSON), MAX_BODY)
# U+FFFD in UTF-8
REPLACED = "\N{REPLACEMENT CHARACTER}".encode()


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """`{"request_upload": true}` answers where to PUT a large file; `{"upload": reference}` then imports it."""

    upload: str | None = None
    request_upload: bool = False
    segment: str | None = None
    mapping: dict[str, str] | None = None


class Mapping(msgspec.Struct, forbid_unknown_fields=True):
    mapping: dict[str, str]


@route(blueprint, "POST", "/imports", TAKES_CSV)
def create(call: Call) -> Response:
    """A CSV body takes `segment` and `mapping` (a JSON object: column -> alias) from the query.

    API Gateway hands `text/*` over as text: bytes that are not UTF-8 are lost there. `application/octet-stream`
    arrives as it was sent.
    """
    if call.content_type in (CSV, BYTES):
        return _started(importing.start(call.world, file_of(call), call.query.get("segment"), _mapping(call)))
    asked = call.decoded(Asked)
    if asked.request_upload:
        upload = importing.upload(call.world)
        return answer({"upload": upload.file, "url": upload.url, "expires_at": iso(upload.expires_at)}, 201)
    if not asked.upload:
        mend = f'Send a CSV body as {CSV}, or ask for a place to put the file: {{"request_upload": true}}.'
        raise Invalid("upload", asked.upload, mend)
    return _started(importing.start(call.world, asked.upload, asked.segment, asked.mapping))


@route(blueprint, "GET", "/imports/{import_id}")
def read(call: Call, import_id: str) -> object:
    return shown(importing.read(call.world, import_id))


@route(blueprint, "GET", "/imports/{import_id}/rejected")
def rejected(call: Call, import_id: str) -> object:
    items, cursor = importing.rejected(call.world, import_id, call.limit, call.cursor)
    return page([asdict(each) for each in items], cursor)


def _mapping(call: Call) -> dict[str, str] | None:
    text = call.query.get("mapping")
    if text is None:
        return None
    return converted({"mapping": json_of(text.encode("utf-8", "replace"), "mapping")}, Mapping).mapping


def file_of(call: Call) -> bytes:
    """The CSV file; Invalid where characters of it were lost on the way."""
    if call.content_type == CSV and REPLACED in call.body:
        line = call.body.count(b"\n", 0, call.body.index(REPLACED)) + 1
        mend = f"Characters were lost (line {line}): the file is not UTF-8. Send it as {BYTES}, or use an upload."
        raise Invalid("body", REPLACED.decode(), mend)
    return call.body


def _started(job: Import) -> Response:
    return answer(shown(job), 202)


def shown(job: Import) -> dict[str, Any]:
    """`done` goes from 0 to 1. Counts are of lines; `recoded` lines were read as Windows-1252."""
    return {
        "id": job.id,
        "state": job.state,
        "reason": job.reason,
        "done": 1.0 if job.state == "finished" or not job.size else round(job.offset / job.size, 4),
        "line": job.line,
        "created": job.created,
        "updated": job.updated,
        "unchanged": job.unchanged,
        "rejected": job.rejected,
        "recoded": job.recoded,
        "segment": job.segment,
        "columns": job.columns,
        "mapping": dict(job.mapping),
        "size": job.size,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
    }
