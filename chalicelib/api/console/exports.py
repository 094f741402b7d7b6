"""Exports: begun, watched, fetched, cancelled."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.console.words import said
from chalicelib.model.export import ENDED, FORMATS, WHAT, Export
from chalicelib.work import exporting
from chalicelib.work.email_list import Wanted, find
from chalicelib.work.exporting import NARROWS

blueprint = Blueprint(__name__)

HERE = "/console/exports"
MOST_EMAILS = 300


@shows(blueprint, "/exports")
def index(visit: Visit) -> Response:
    found, cursor = exporting.page(visit.world, ROWS, visit.cursor)
    return visit.page("exports/index", exports=found, next=cursor, **_names(visit, found), **_choices(visit))


@changes(blueprint, "/exports", again=index)
def create(visit: Visit) -> Response:
    """What narrows another kind alone stands in the form too, and counts for nothing."""
    what = visit.one("what")
    narrowed = {name: visit.one(name) if what in kinds else "" for name, kinds in NARROWS.items()}
    job = exporting.begin(visit.world, what, visit.one("format"), **narrowed)
    return visit.go(f"{HERE}/{job.id}", "exports.begun-said")


@shows(blueprint, "/exports/{export_id}")
def show(visit: Visit, export_id: str) -> Response:
    job = exporting.read(visit.world, export_id)
    return visit.page("exports/show", job=job, **_names(visit, [job]), **_progress(visit, job))


@shows(blueprint, "/exports/{export_id}/progress")
def progress(visit: Visit, export_id: str) -> Response:
    """The part of the page that is asked for until the export is over; then the whole page once more."""
    job = exporting.read(visit.world, export_id)
    if job.state in ENDED:
        return visit.go(f"{HERE}/{export_id}")
    return visit.page("exports/progress", job=job, **_progress(visit, job))


@changes(blueprint, "/exports/{export_id}/cancel", again=show)
def cancel(visit: Visit, export_id: str) -> Response:
    exporting.cancel(visit.world, export_id)
    return visit.go(f"{HERE}/{export_id}", "exports.cancelled")


@shows(blueprint, "/exports/{export_id}/file")
def file(visit: Visit, export_id: str) -> Response:
    """From the bucket, by a link that is made when it is wanted; the page once more where it is gone."""
    job = exporting.read(visit.world, export_id)
    return visit.go(exporting.url(visit.world, job) or f"{HERE}/{export_id}")


def _progress(visit: Visit, job: Export) -> dict[str, Any]:
    there = exporting.url(visit.world, job) is not None
    return {
        "over": job.state in ENDED,
        "there": there,
        "expires_at": exporting.expires_at(job),
        "done": exporting.progress(visit.world, job),
    }


def _names(visit: Visit, jobs: list[Export]) -> dict[str, Any]:
    """Of what the exports are narrowed to; what is gone has none."""
    segments = visit.world.segments.read_many([each.segment for each in jobs if each.segment])
    emails = {each: visit.world.emails.read(each) for each in {job.email for job in jobs if job.email}}
    named = {each: segment.name for each, segment in segments.items()}
    return {"names": named | {each: email.name for each, email in emails.items() if email}}


def _choices(visit: Visit) -> dict[str, Any]:
    everything = ("", said(visit.language, "exports.all"))
    emails, _ = find(visit.world, Wanted(), MOST_EMAILS, None)
    asked = visit.browser.query
    return {
        "what": [(each, said(visit.language, f"exports.what.{each}")) for each in WHAT],
        "formats": [(each, said(visit.language, f"exports.format.{each}")) for each in FORMATS],
        "segments": [everything, *((each.id, each.name) for each in every_segment(visit))],
        "emails": [everything, *((each.id, each.name) for each in emails)],
        "asked": {name: asked.get(name, "") for name in ("what", "segment", "email")},
    }
