"""Imports: a file is chosen, looked at, mapped, tried, imported and watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import ROWS, SAFE, Headers, Visit
from chalicelib.model.errors import Invalid
from chalicelib.model.importing import ENDED, MAX_FILE, Import, Wishes
from chalicelib.work import fields_in_use, importing
from chalicelib.work.csv_header import DELIMITERS, TARGETS
from chalicelib.work.file_encoding import LATIN, OTHERS, WIDE
from chalicelib.work.import_inspection import Inspection
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/imports"
LINK_SECONDS = 300
# What is larger is put into the bucket by the browser: Lambda takes 6 MB, and a file comes in base64.
THROUGH_US = 4_000_000
NEW = "+"
READ_AS = ("encoding", "delimiter", "sheet")
REJECTED = 50


@shows(blueprint, "/imports")
def index(visit: Visit) -> Response:
    found, cursor = importing.page(visit.world, ROWS, visit.cursor)
    return visit.page("imports/index", imports=found, next=cursor)


@shows(blueprint, "/imports/new")
def new(visit: Visit) -> Response:
    require(visit.world, "editor")
    parts = urlsplit(importing.upload(visit.world).url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return visit.page("imports/new", policy={"connect-src": f"'self' {origin}"}, through_us=THROUGH_US, most=MAX_FILE)


@changes(blueprint, "/imports/new", again=new)
def receive(visit: Visit) -> Response:
    """A small file, in the form itself."""
    name, body = visit.file("file")
    found = importing.inspected(visit.world, body)
    return visit.go(_mapping_place(found.file, name))


@changes(blueprint, "/imports/upload", audited=False)
def upload(visit: Visit) -> Response:
    """Where the browser may put a large file: `{"url", "then"}`, the page to go on with."""
    require(visit.world, "editor")
    place = importing.upload(visit.world)
    headers: Headers = {**SAFE, "Content-Type": "application/json"}
    then = _mapping_place(place.file, visit.one("name"))
    return Response(msgspec.json.encode({"url": place.url, "then": then}), headers)


@shows(blueprint, "/imports/map")
def mapping(visit: Visit) -> Response:
    require(visit.world, "editor")
    query = visit.browser.query
    given = {name: visit.one(name) or query.get(name, "") for name in ("file", "name", *READ_AS)}
    try:
        found = importing.inspected(visit.world, given["file"], _read_as(given))
    except Invalid as fault:
        if not any(given[name] for name in READ_AS):
            raise
        # what was found out of the file is shown again
        visit, given = replace(visit, fault=fault), given | dict.fromkeys(READ_AS, "")
        found = importing.inspected(visit.world, given["file"])
    return visit.page("imports/map", found=found, given=given, **_choices(visit, found))


@changes(blueprint, "/imports/map", again=mapping)
def start(visit: Visit) -> Response:
    job = importing.start(visit.world, visit.one("file"), _wishes(visit))
    query = {"file": visit.one("file"), "name": visit.one("name")}
    return visit.go(f"{HERE}/{job.id}?{urlencode(query)}")


@shows(blueprint, "/imports/{import_id}")
def show(visit: Visit, import_id: str) -> Response:
    job = importing.read(visit.world, import_id)
    rejected, cursor = importing.rejected(visit.world, import_id, REJECTED, visit.cursor)
    query = visit.browser.query
    kept = query.get("file", "") or (job.file if job.file.startswith(importing.UPLOADS) else "")
    segment = visit.world.segments.read(job.segment) if job.segment else None
    return visit.page(
        "imports/show",
        job=job,
        rejected=rejected,
        next=cursor,
        file=kept,
        name=query.get("name", ""),
        segment=segment,
        query={name: query[name] for name in ("file", "name") if name in query},
        **_progress(job),
    )


@shows(blueprint, "/imports/{import_id}/progress")
def progress(visit: Visit, import_id: str) -> Response:
    """The part of the page that is asked for until the import is over; then the whole page once more."""
    job = importing.read(visit.world, import_id)
    query = {name: value for name, value in visit.browser.query.items() if name in ("file", "name")}
    if job.state in ENDED:
        return visit.go(f"{HERE}/{import_id}{'?' + urlencode(query) if query else ''}")
    return visit.page("imports/progress", job=job, query=query, **_progress(job))


@changes(blueprint, "/imports/{import_id}/cancel", again=show)
def cancel(visit: Visit, import_id: str) -> Response:
    importing.cancel(visit.world, import_id)
    return visit.go(f"{HERE}/{import_id}", "imports.cancelled")


@shows(blueprint, "/imports/{import_id}/rejected")
def rejected(visit: Visit, import_id: str) -> Response:
    """The file of the lines that were not taken, from the bucket."""
    return visit.go(importing.report_url(visit.world, import_id, LINK_SECONDS))


def _mapping_place(file: str, name: str) -> str:
    return f"{HERE}/map?{urlencode({'file': file, 'name': name[:200]})}"


def _wishes(visit: Visit) -> Wishes:
    return replace(
        _read_as({name: visit.one(name) for name in READ_AS}),
        segment=visit.one("segment") or None,
        mapping=_mapping(visit),
        tags=[each.strip() for each in visit.one("tags").split("|") if each.strip()],
        rule=visit.one("rule") or "upsert",
        dry_run=visit.one("dry_run") == "1",
    )


def _read_as(given: Mapping[str, str]) -> Wishes:
    return Wishes(encoding=given["encoding"], delimiter=given["delimiter"], sheet=given["sheet"])


def _mapping(visit: Visit) -> dict[str, str]:
    """By column; the selects are in the order of the columns, which stand beside them."""
    columns, form = visit.browser.form.get("column", ()), visit.browser.form
    found = {}
    for number, column in enumerate(columns):
        chosen = next(iter(form.get(f"fills.{number}", ())), "")
        found[column] = next(iter(form.get(f"alias.{number}", ())), "").strip() if chosen == NEW else chosen
    return found


def _choices(visit: Visit, found: Inspection) -> dict[str, Any]:
    known = fields_in_use.labels(visit.world)
    guessed = {each.fills: each.fills for each in found.columns if each.fills and each.fills not in TARGETS}
    return {
        "targets": sorted(TARGETS - {"address"}),
        "fields": known | {alias: alias for alias in guessed if alias not in known},
        "lists": [(each.id, each.name) for each in every_segment(visit) if each.is_list],
        "rules": importing.RULES,
        "encodings": ("utf-8", *WIDE, *LATIN, *OTHERS),
        "delimiters": [("tab" if each == "\t" else each) for each in DELIMITERS],
        "fresh": NEW,
    }


def _progress(job: Import) -> dict[str, Any]:
    done = 1.0 if job.state == "finished" or not job.size else min(1.0, job.offset / job.size)
    return {"done": done, "over": job.state in ENDED}
