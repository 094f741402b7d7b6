"""The pre-flight in the editor: all that can be known about sending what is published, as it is found."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.model.errors import Fault, NotFound
from chalicelib.work import emails, preflight

blueprint = Blueprint(__name__)


@changes(blueprint, "/emails/{email_id}/edit/preflight")
def begin(visit: Visit, email_id: str) -> Response:
    try:
        job = preflight.begin(visit.world, email_id)
    except Fault as fault:
        return visit.page("editor/preflight", email_id=email_id, job=None, met=fault, estimate=None)
    return visit.page("editor/preflight", email_id=email_id, job=job, met=None, estimate=None)


@shows(blueprint, "/emails/{email_id}/edit/preflight/{preflight_id}")
def report(visit: Visit, email_id: str, preflight_id: str) -> Response:
    """The part of the page that asks for itself until the job is over."""
    job = preflight.read(visit.world, preflight_id)
    if job.email != emails.read(visit.world, email_id).id:
        raise NotFound(f"The e-mail {email_id} has no pre-flight {preflight_id}.", field="id")
    estimate = preflight.estimate(visit.world, job) if job.state == "finished" else None
    return visit.page("editor/preflight", email_id=email_id, job=job, met=None, estimate=estimate)
