"""`/v1/emails/{id}/relabel`: judge an e-mail's opens and clicks by the rules as they are now."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.answers import answer
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.errors import NotFound
from chalicelib.model.relabelling import Relabelling
from chalicelib.work import relabelling

blueprint = Blueprint(__name__)


@route(blueprint, "POST", "/emails/{email_id}/relabel")
def begin(call: Call, email_id: str) -> Response:
    return answer(_shown(relabelling.begin(call.world, email_id)), 202)


@route(blueprint, "GET", "/emails/{email_id}/relabel/{job_id}")
def read(call: Call, email_id: str, job_id: str) -> object:
    job = relabelling.read_job(call.world, job_id)
    if job.email != email_id:
        raise NotFound(f"The e-mail {email_id} has no relabelling {job_id!r}.", field="id")
    return _shown(job)


def _shown(job: Relabelling) -> dict[str, Any]:
    return {
        "id": job.id,
        "email": job.email,
        "state": job.state,
        "looked_at": job.looked_at,
        "changed": job.changed,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
    }
