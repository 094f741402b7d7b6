"""Recurring e-mails: begun from the same form as a broadcast, listed, paused, resumed, stopped."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.broadcast_plan import OCCURRENCES, as_typed, asked, occurrences, plan_of
from chalicelib.api.console.broadcasts import agreed, confirm, to_of
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.rhythm import rhythm_of
from chalicelib.work import overview, recurring

blueprint = Blueprint(__name__)

LIST = "/console/recurrences"


@shows(blueprint, "/recurrences")
def index(visit: Visit) -> Response:
    found, cursor = visit.world.recurrences.page(ROWS, visit.cursor)
    names = overview.names(visit.world, [each.email for each in found])
    segments = visit.world.segments.read_many([name for each in found for name in each.segments or ()])
    return visit.page(
        "recurrences/index",
        rows=[(each, rhythm_of(each.cron), _coming(each)) for each in found],
        names=names,
        segments={each: segment.name for each, segment in segments.items()},
        next=cursor,
    )


@changes(blueprint, "/recurrences/coming", audited=False)
def coming(visit: Visit) -> Response:
    """The part of the form that says when the next ones would be; changes nothing."""
    plan, zone = plan_of(visit), visit.workspace.zone
    try:
        found = recurring.coming(plan.cron, zone, visit.world.now(), OCCURRENCES)
    except Invalid as fault:
        return visit.page("recurrences/coming", coming=[], met=fault)
    return visit.page("recurrences/coming", coming=found, met=None)


@changes(blueprint, "/emails/{email_id}/broadcast/{preflight_id}/recurrence", again=confirm)
def create(visit: Visit, email_id: str, preflight_id: str) -> Response:
    job, plan = agreed(visit, email_id, preflight_id), plan_of(visit)
    try:
        recurring.create(visit.world, email_id, asked(visit, plan, to_of(job), list(job.exclude)))
    except Fault as fault:
        raise as_typed(plan, fault) from None
    return visit.go(LIST, "recurrences.created")


@changes(blueprint, "/recurrences/{recurrence_id}/pause")
def pause(visit: Visit, recurrence_id: str) -> Response:
    recurring.pause(visit.world, recurrence_id)
    return visit.go(LIST, "recurrences.paused")


@changes(blueprint, "/recurrences/{recurrence_id}/resume")
def resume(visit: Visit, recurrence_id: str) -> Response:
    recurring.resume(visit.world, recurrence_id)
    return visit.go(LIST, "recurrences.resumed")


@changes(blueprint, "/recurrences/{recurrence_id}/stop")
def stop(visit: Visit, recurrence_id: str) -> Response:
    recurring.delete(visit.world, recurrence_id)
    return visit.go(LIST, "recurrences.stopped")


def _coming(recurrence: Recurrence) -> list[int]:
    return occurrences(recurrence) if recurrence.state == "active" else []
