"""Broadcasts: choose, check, confirm by typing the number, watch, pause, resume, cancel; and who got it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api import fates as fates_api
from chalicelib.api.console.broadcast_plan import WAYS, Plan, as_typed, occurrences, plan_of, proposed, when
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import ROWS, SAFE, Visit
from chalicelib.api.csv_answer import csv_answer
from chalicelib.api.fates import COLUMNS, EXPORTED
from chalicelib.console.showing import number
from chalicelib.console.words import said
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.fate import NAMES
from chalicelib.model.feedback import Feedback
from chalicelib.model.preflight import Preflight
from chalicelib.model.price import Estimate
from chalicelib.model.quiet_hours import clock
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.rhythm import LAST_DAY, MONTH_DAYS, WEEKDAYS
from chalicelib.model.zones import moment_at, zone_of
from chalicelib.work import broadcasting, deciding, emails, families, fates, pending, preflight
from chalicelib.work.broadcasting import Progress
from chalicelib.work.overview import pace
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

SECOND_MS, HOUR_MS = 1_000, 3_600_000
STILL = ("waiting", "running")
# Of all fates, those of whoever did not get it.
MISSED = "missed"


@shows(blueprint, "/emails/{email_id}/broadcast")
def choose(visit: Visit, email_id: str) -> Response:
    require(visit.world, "editor")
    email = emails.published(visit.world, email_id, "segment")
    families.members(visit.world, email)  # what keeps it from being sent is told before anything is chosen
    return visit.page(
        "broadcasts/choose",
        email=email,
        choices=[(each.id, each.name) for each in every_segment(visit)],
        ways=WAYS,
        zone=visit.workspace.zone,
        soon=_soon(visit),
        weekdays=[(each, said(visit.language, f"recurrences.on.{each}")) for each in WEEKDAYS],
        monthdays=[(each, _monthday(visit, each)) for each in MONTH_DAYS],
    )


@changes(blueprint, "/emails/{email_id}/foreseen", audited=False)
def foresee(visit: Visit, email_id: str) -> Response:
    """The part that is asked for once the page is there, and with each choice: to how many a broadcast would go takes
    seconds to count.
    """
    require(visit.world, "editor")
    email = emails.published(visit.world, email_id, "segment")
    to, exclude = visit.many("segments"), visit.many("exclude")
    foreseen = pending.of_email(visit.world, email_id, to, exclude) if to else None
    caps = [each for each in visit.workspace.caps if each.covers(email.category)]
    quiet = visit.workspace.quiet_hours
    hours = (clock(quiet.start), clock(quiet.end)) if quiet else None
    return visit.page("broadcasts/foreseen", foreseen=foreseen, caps=caps, hours=hours)


@changes(blueprint, "/emails/{email_id}/broadcast", again=choose, audited=False)
def check(visit: Visit, email_id: str) -> Response:
    """Begins the pre-flight of what was chosen; when and how fast travels on in the address."""
    plan, to, exclude = plan_of(visit), _to(visit, email_id), visit.many("exclude")
    proposed(visit, plan, email_id, to, exclude)
    job = preflight.begin(visit.world, email_id, to, exclude, afresh=plan.recurs)
    return visit.go(f"/console/emails/{email_id}/broadcast/{job.id}{plan.query}")


@shows(blueprint, "/emails/{email_id}/broadcast/{preflight_id}")
def confirm(visit: Visit, email_id: str, preflight_id: str) -> Response:
    return visit.page("broadcasts/confirm", **_checked(visit, email_id, preflight_id))


@shows(blueprint, "/emails/{email_id}/broadcast/{preflight_id}/report")
def report(visit: Visit, email_id: str, preflight_id: str) -> Response:
    """The part that htmx asks for until the pre-flight is done."""
    return visit.page("broadcasts/report", **_checked(visit, email_id, preflight_id))


@changes(blueprint, "/emails/{email_id}/broadcast/{preflight_id}", again=confirm)
def start(visit: Visit, email_id: str, preflight_id: str) -> Response:
    job, plan = agreed(visit, email_id, preflight_id), plan_of(visit)
    try:
        made = broadcasting.create(visit.world, email_id, to_of(job), list(job.exclude), when(visit, plan))
    except Fault as fault:
        raise as_typed(plan, fault) from None
    later = made.state == "scheduled"
    return visit.go(f"/console/broadcasts/{made.id}", "broadcasts.planned" if later else "broadcasts.started")


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


@changes(blueprint, "/broadcasts/{broadcast_id}/rate", again=show)
def set_rate(visit: Visit, broadcast_id: str) -> Response:
    """Of its own, from the next call on; none where the field is empty."""
    given = {name: text for name in ("rate",) if (text := visit.one(name))}
    broadcasting.set_rate(visit.world, broadcast_id, Plan(given).rate)
    return visit.go(f"/console/broadcasts/{broadcast_id}", "broadcasts.rate-set" if given else "broadcasts.rate-none")


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
        rows=[(each, _happened(feedback.get(each.fated.message))) for each in found],
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


def _happened(feedback: Feedback | None) -> list[str]:
    """The kinds of what came back, the first first. What a machine alone opened or clicked is called so."""
    facts = feedback.facts if feedback else ()
    people = {each.event.kind for each in facts if each.verdict is None or each.verdict.label == "human"}
    kinds = dict.fromkeys(each.event.kind for each in facts)
    return [each if each in people else f"machine_{each}" for each in kinds]


def _recipients(visit: Visit, broadcast_id: str, fate: str, limit: int) -> tuple[list[fates.Known], str | None]:
    if fate == MISSED:
        return fates.missed(visit.world, broadcast_id, limit, visit.cursor)
    return fates.recipients(visit.world, broadcast_id, fate or None, limit, visit.cursor)


def _checked(visit: Visit, email_id: str, preflight_id: str) -> dict[str, Any]:
    job = _job(visit, email_id, preflight_id)
    known = visit.world.segments.read_many([*job.segments, *job.exclude])
    email = emails.read(visit.world, email_id)
    plan = plan_of(visit)
    # what was refused is shown with its fault
    made = proposed(visit, plan, email_id, to_of(job), list(job.exclude)) if visit.fault is None else None
    estimate = preflight.estimate(visit.world, job, plan.rate) if job.state == "finished" else None
    return {
        "email": email,
        "job": job,
        "running": job.state in STILL,
        "plan": plan,
        "coming": occurrences(made) if isinstance(made, Recurrence) else [],
        "zone": visit.workspace.zone,
        "here": made.at if isinstance(made, Broadcast) and _elsewhere(visit, plan) else None,
        "estimate": estimate,
        "late": isinstance(made, Broadcast) and estimate is not None and _ends_late(made, estimate),
        "included": [known[each].name for each in job.segments if each in known],
        "excluded": [known[each].name for each in job.exclude if each in known],
        "levels": {level: [each for each in job.findings if each.level == level] for level in LEVELS},
    }


LEVELS = ("error", "warning", "note")


def _elsewhere(visit: Visit, plan: Plan) -> bool:
    """Whether the reader's clock may show another time than was chosen."""
    return plan.way == "at" and visit.zone != visit.workspace.zone


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


def agreed(visit: Visit, email_id: str, preflight_id: str) -> Preflight:
    """The pre-flight, where its number was typed: whoever does that has read it."""
    job = _job(visit, email_id, preflight_id)
    if job.state != "finished":
        raise Conflict("The check is not finished.", field="number", hint="Wait until it says how many will get it.")
    typed = visit.one("number")
    digits = "".join(each for each in typed if each.isdecimal())
    if digits != str(job.pending):
        shown = number(job.pending, visit.language)
        raise Invalid("number", typed, f"Type {shown}, the number of people who will get it.")
    return job


def to_of(job: Preflight) -> list[str] | None:
    """The segments; None where an edition knows its audience by itself."""
    return list(job.segments) or None


def _ends_late(broadcast: Broadcast, estimate: Estimate) -> bool:
    """Whether not everybody gets it before nobody is to get it any more."""
    return broadcast.until is not None and broadcast.at + estimate.seconds * SECOND_MS > broadcast.until


def _shown(visit: Visit, progress: Progress) -> dict[str, Any]:
    broadcast, tally = progress.broadcast, progress.tally
    return {
        "broadcast": broadcast,
        "tally": tally,
        "name": _name(visit, broadcast),
        "pace": pace(progress, visit.world.now(), visit.browser.query.get("looks", "")),
        "took": _took(broadcast),
        "skipped": sum(tally.skipped.values()),
        "live": broadcast.state not in ("finished", "cancelled") or tally.unsettled > 0,
    }


def _took(broadcast: Broadcast) -> float | None:
    """Seconds from its start to its end."""
    if broadcast.started_at is None or broadcast.ended_at is None:
        return None
    return (broadcast.ended_at - broadcast.started_at) / SECOND_MS


def _name(visit: Visit, broadcast: Broadcast) -> str:
    email = visit.world.emails.read(broadcast.email)
    return email.name if email else broadcast.email


def _monthday(visit: Visit, day: str) -> str:
    return said(visit.language, "recurrences.last-day") if day == LAST_DAY else day


def _soon(visit: Visit) -> str:
    """The next full hour but one on the workspace's wall clock, as a form has it: something to begin with."""
    there = moment_at(visit.world.now() + 2 * HOUR_MS, zone_of(visit.workspace.zone) or UTC)
    return f"{there:%Y-%m-%dT%H}:00"
