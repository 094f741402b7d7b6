"""Broadcasts: choose, check, confirm by typing the number, watch, pause, resume, cancel; and who got it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalice import Blueprint, Response

from chalicelib.api import fates as fates_api
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.emails import choices
from chalicelib.api.console.visit import ROWS, SAFE, Visit
from chalicelib.api.csv_answer import csv_answer
from chalicelib.api.fates import COLUMNS, EXPORTED
from chalicelib.console.showing import number
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.fate import NAMES
from chalicelib.model.preflight import Preflight
from chalicelib.model.schedule import When
from chalicelib.work import broadcasting, deciding, emails, fates, pending, preflight
from chalicelib.work.broadcasting import Progress
from chalicelib.work.overview import pace

blueprint = Blueprint(__name__)

SECOND_MS = 1_000
STILL = ("waiting", "running")
# Of all fates, those of whoever did not get it.
MISSED = "missed"


@shows(blueprint, "/emails/{email_id}/broadcast")
def choose(visit: Visit, email_id: str) -> Response:
    email = emails.published(visit.world, email_id, "segment")
    foreseen = pending.of_email(visit.world, email_id) if email.segments else None
    return visit.page("broadcasts/choose", email=email, choices=choices(visit), foreseen=foreseen)


@changes(blueprint, "/emails/{email_id}/broadcast", again=choose, audited=False)
def check(visit: Visit, email_id: str) -> Response:
    """Begins the pre-flight of what was chosen; the time to send at travels on in the address."""
    at = _moment(visit, "at") if visit.one("when") == "later" else None
    job = preflight.begin(visit.world, email_id, _to(visit, email_id), visit.many("exclude"))
    when = f"?at={at}" if at else ""
    return visit.go(f"/console/emails/{email_id}/broadcast/{job.id}{when}")


@shows(blueprint, "/emails/{email_id}/broadcast/{preflight_id}")
def confirm(visit: Visit, email_id: str, preflight_id: str) -> Response:
    return visit.page("broadcasts/confirm", **_checked(visit, email_id, preflight_id))


@shows(blueprint, "/emails/{email_id}/broadcast/{preflight_id}/report")
def report(visit: Visit, email_id: str, preflight_id: str) -> Response:
    """The part that htmx asks for until the pre-flight is done."""
    return visit.page("broadcasts/report", **_checked(visit, email_id, preflight_id))


@changes(blueprint, "/emails/{email_id}/broadcast/{preflight_id}", again=confirm)
def start(visit: Visit, email_id: str, preflight_id: str) -> Response:
    job = _job(visit, email_id, preflight_id)
    _agree(visit, job)
    at = visit.whole("at")
    made = broadcasting.create(visit.world, email_id, list(job.segments) or None, list(job.exclude), When(at))
    return visit.go(f"/console/broadcasts/{made.id}", "broadcasts.started" if at is None else "broadcasts.planned")


@shows(blueprint, "/broadcasts/{broadcast_id}")
def show(visit: Visit, broadcast_id: str) -> Response:
    return visit.page("broadcasts/show", **_shown(visit, broadcasting.progress(visit.world, broadcast_id)))


@shows(blueprint, "/broadcasts/{broadcast_id}/live")
def live(visit: Visit, broadcast_id: str) -> Response:
    return visit.page("broadcasts/live", **_shown(visit, broadcasting.progress(visit.world, broadcast_id)))


@changes(blueprint, "/broadcasts/{broadcast_id}/pause")
def pause(visit: Visit, broadcast_id: str) -> Response:
    broadcasting.pause(visit.world, broadcast_id)
    return visit.go(f"/console/broadcasts/{broadcast_id}", "broadcasts.paused")


@changes(blueprint, "/broadcasts/{broadcast_id}/resume")
def resume(visit: Visit, broadcast_id: str) -> Response:
    broadcasting.resume(visit.world, broadcast_id)
    return visit.go(f"/console/broadcasts/{broadcast_id}", "broadcasts.resumed")


@changes(blueprint, "/broadcasts/{broadcast_id}/cancel")
def cancel(visit: Visit, broadcast_id: str) -> Response:
    broadcasting.cancel(visit.world, broadcast_id)
    return visit.go(f"/console/broadcasts/{broadcast_id}", "broadcasts.cancelled")


@changes(blueprint, "/broadcasts/{broadcast_id}/decide", again=show)
def decide(visit: Visit, broadcast_id: str) -> Response:
    """What becomes of everybody who is held in doubt."""
    word = deciding.Word(visit.one("decision"), force=visit.one("force") == "1", note=visit.one("note"))
    deciding.decide(visit.world, broadcast_id, word)
    return visit.go(f"/console/broadcasts/{broadcast_id}", "broadcasts.decided")


@shows(blueprint, "/broadcasts/{broadcast_id}/recipients")
def recipients(visit: Visit, broadcast_id: str) -> Response:
    broadcast = broadcasting.read(visit.world, broadcast_id)
    fate = visit.browser.query.get("fate", "")
    found, cursor = _recipients(visit, broadcast_id, fate, ROWS)
    feedback = visit.world.facts.read_many([each.fated.message for each in found])
    return visit.page(
        "broadcasts/recipients",
        broadcast=broadcast,
        name=_name(visit, broadcast),
        rows=[(each, feedback.get(each.fated.message)) for each in found],
        next=cursor,
        fate=fate,
        fates=(*NAMES, MISSED),
        here=visit.cursor or "",
    )


@shows(blueprint, "/broadcasts/{broadcast_id}/recipients.csv")
def recipients_csv(visit: Visit, broadcast_id: str) -> Response:
    """From the page on that one looks at, up to 5,000 lines."""
    found, cursor = _recipients(visit, broadcast_id, visit.browser.query.get("fate", ""), EXPORTED)
    rows = ([shown[name] or "" for name in COLUMNS] for shown in map(fates_api.shown, found))
    told = csv_answer(f"/console/broadcasts/{broadcast_id}/recipients", COLUMNS, rows, cursor)
    told.headers.update(SAFE)
    return told


def _recipients(visit: Visit, broadcast_id: str, fate: str, limit: int) -> tuple[list[fates.Known], str | None]:
    if fate == MISSED:
        return fates.missed(visit.world, broadcast_id, limit, visit.cursor)
    return fates.recipients(visit.world, broadcast_id, fate or None, limit, visit.cursor)


def _checked(visit: Visit, email_id: str, preflight_id: str) -> dict[str, Any]:
    job = _job(visit, email_id, preflight_id)
    known = visit.world.segments.read_many([*job.segments, *job.exclude])
    at = visit.browser.query.get("at", "") or visit.one("at")
    return {
        "email": emails.read(visit.world, email_id),
        "job": job,
        "running": job.state in STILL,
        "estimate": preflight.estimate(visit.world, job) if job.state == "finished" else None,
        "included": [known[each].name for each in job.segments if each in known],
        "excluded": [known[each].name for each in job.exclude if each in known],
        "at": int(at) if at.isascii() and at.isdecimal() and len(at) <= MOST_DIGITS else None,
        "levels": {level: [each for each in job.findings if each.level == level] for level in LEVELS},
    }


MOST_DIGITS = 15
LEVELS = ("error", "warning", "note")


def _to(visit: Visit, email_id: str) -> list[str] | None:
    """None where an edition knows its audience by itself."""
    chosen = visit.many("segments")
    if chosen:
        return chosen
    if emails.read(visit.world, email_id).edition_for:
        return None
    raise Invalid("segments", chosen, "Choose one at least.")


def _job(visit: Visit, email_id: str, preflight_id: str) -> Preflight:
    job = preflight.read(visit.world, preflight_id)
    if job.email != email_id:
        raise NotFound(f"The e-mail {email_id} has no pre-flight {preflight_id}.", field="id")
    return job


def _agree(visit: Visit, job: Preflight) -> None:
    """Whoever types the number has read it."""
    if job.state != "finished":
        raise Conflict("The check is not finished.", field="number", hint="Wait until it says how many will get it.")
    typed = visit.one("number")
    digits = "".join(each for each in typed if each.isdecimal())
    if digits != str(job.pending):
        shown = number(job.pending, visit.language)
        raise Invalid("number", typed, f"Type {shown}, the number of people who will get it.")


def _shown(visit: Visit, progress: Progress) -> dict[str, Any]:
    broadcast, tally = progress.broadcast, progress.tally
    return {
        "broadcast": broadcast,
        "tally": tally,
        "name": _name(visit, broadcast),
        "pace": pace(progress, visit.world.now()),
        "skipped": sum(tally.skipped.values()),
        "live": broadcast.state not in ("finished", "cancelled") or tally.unsettled > 0,
    }


def _name(visit: Visit, broadcast: Broadcast) -> str:
    email = visit.world.emails.read(broadcast.email)
    return email.name if email else broadcast.email


def _moment(visit: Visit, name: str) -> int:
    """What `<input type="datetime-local">` says, in the reader's zone."""
    text = visit.one(name)
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(name, text, "Give a day and a time.") from None
    if wall.tzinfo is None:
        wall = wall.replace(tzinfo=ZoneInfo(visit.zone))
    at = int(wall.timestamp() * SECOND_MS)
    if at <= visit.world.now():
        raise Invalid(name, text, "Give a time to come.")
    return at
