"""`/v1/imports`: a file of contacts, as a job with its progress and a report of the lines not taken."""

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
from chalicelib.model.importing import MAX_BODY, Import, Wishes
from chalicelib.model.tagging import SEPARATOR
from chalicelib.work import importing
from chalicelib.work.import_inspection import Inspection

blueprint = Blueprint(__name__)

CSV, BYTES = "text/csv", "application/octet-stream"
JSON_LINES = ("application/x-ndjson", "application/jsonl")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = (CSV, BYTES, *JSON_LINES, WORKBOOK)
TAKES_FILES = Rule((*FILES, JSON), MAX_BODY)
LOOKS_AT_FILES = Rule((*FILES, JSON), MAX_BODY, audited=False)
URL_SECONDS = 3_600
# U+FFFD in UTF-8
REPLACED = "\N{REPLACEMENT CHARACTER}".encode()


class Wished(msgspec.Struct, forbid_unknown_fields=True):
    segment: str | None = None
    mapping: dict[str, str] | None = None
    tags: list[str] = []
    rule: str = "upsert"
    dry_run: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    @property
    def wishes(self) -> Wishes:
        return Wishes(**{name: getattr(self, name) for name in Wished.__struct_fields__})


class Asked(Wished, forbid_unknown_fields=True):
    """`{"request_upload": true}` answers where to PUT a large file; `{"upload": reference}` then imports it."""

    upload: str | None = None
    request_upload: bool = False


@route(blueprint, "POST", "/imports", TAKES_FILES)
def create(call: Call) -> Response:
    """A file as the body takes its wishes from the query: `mapping` as a JSON object (column -> alias), `tags`
    separated by `|`.

    API Gateway hands `text/*` over as text: bytes that are not UTF-8 are lost there. `application/octet-stream`
    arrives as it was sent.
    """
    if call.content_type in FILES:
        return _started(importing.start(call.world, file_of(call), _wished(call)))
    asked = call.decoded(Asked)
    if asked.request_upload:
        upload = importing.upload(call.world)
        return answer({"upload": upload.file, "url": upload.url, "expires_at": iso(upload.expires_at)}, 201)
    return _started(importing.start(call.world, _named(asked), asked.wishes))


@route(blueprint, "POST", "/imports/inspect", LOOKS_AT_FILES)
def inspect(call: Call) -> object:
    """What a file holds and what its columns would fill; nothing is imported."""
    if call.content_type in FILES:
        return _inspected(importing.inspected(call.world, file_of(call), _wished(call)))
    asked = call.decoded(Asked)
    return _inspected(importing.inspected(call.world, _named(asked), asked.wishes))


@route(blueprint, "GET", "/imports")
def listed(call: Call) -> object:
    items, cursor = importing.page(call.world, call.limit, call.cursor)
    return page([shown(each) for each in items], cursor)


@route(blueprint, "GET", "/imports/{import_id}")
def read(call: Call, import_id: str) -> object:
    return shown(importing.read(call.world, import_id))


@route(blueprint, "POST", "/imports/{import_id}/cancel")
def cancel(call: Call, import_id: str) -> object:
    return shown(importing.cancel(call.world, import_id))


@route(blueprint, "GET", "/imports/{import_id}/rejected")
def rejected(call: Call, import_id: str) -> object:
    items, cursor = importing.rejected(call.world, import_id, call.limit, call.cursor)
    return page([asdict(each) for each in items], cursor)


@route(blueprint, "GET", "/imports/{import_id}/rejected/file")
def rejected_file(call: Call, import_id: str) -> object:
    """Where the rejected lines are, as a CSV file to mend and import again."""
    url = importing.report_url(call.world, import_id, URL_SECONDS)
    return {"url": url, "expires_at": iso(call.world.now() + URL_SECONDS * 1_000)}


def _named(asked: Asked) -> str:
    if not asked.upload:
        mend = (
            f'Send a file as the body ({CSV}, {BYTES} ...), or ask for a place to put it: {{"request_upload": true}}.'
        )
        raise Invalid("upload", asked.upload, mend)
    return asked.upload


def _wished(call: Call) -> Wishes:
    """The wishes of the query; the query's other names are none of ours."""
    given: dict[str, Any] = {name: call.query[name] for name in Wished.__struct_fields__ if name in call.query}
    if "mapping" in given:
        given["mapping"] = json_of(given["mapping"].encode("utf-8", "replace"), "mapping")
    if "tags" in given:
        given["tags"] = [each for each in given["tags"].split(SEPARATOR) if each.strip()]
    if "dry_run" in given:
        given["dry_run"] = {"true": True, "false": False}.get(given["dry_run"], given["dry_run"])
    return converted(given, Wished).wishes


def file_of(call: Call) -> bytes:
    """The CSV file; Invalid where characters of it were lost on the way."""
    if call.content_type == CSV and REPLACED in call.body:
        line = call.body.count(b"\n", 0, call.body.index(REPLACED)) + 1
        mend = f"Characters were lost (line {line}): the file is not UTF-8. Send it as {BYTES}, or use an upload."
        raise Invalid("body", REPLACED.decode(), mend)
    return call.body


def _started(job: Import) -> Response:
    return answer(shown(job), 202)


def _inspected(found: Inspection) -> dict[str, Any]:
    source = found.source
    return {
        "upload": found.file,
        "format": source.format,
        "encoding": source.encoding or "utf-8",
        "delimiter": source.header.delimiter,
        "sheet": source.sheet,
        "sheets": source.sheets,
        "columns": [asdict(each) for each in found.columns],
        "size": found.size,
    }


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
        "skipped": job.skipped,
        "recoded": job.recoded,
        "dry_run": job.dry_run,
        "rule": job.rule,
        "tags": sorted(job.tags),
        "format": job.format,
        "encoding": job.encoding or "utf-8",
        "delimiter": job.delimiter,
        "sheet": job.sheet,
        "segment": job.segment,
        "columns": job.columns,
        "mapping": dict(job.mapping),
        "size": job.size,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
    }
