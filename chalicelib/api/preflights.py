"""`/v1/preflights`: everything that can be known about a sending before it begins."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer
from chalicelib.api.routes import ASKS, Call, route
from chalicelib.api.times import iso
from chalicelib.model.preflight import Preflight
from chalicelib.work import preflight

blueprint = Blueprint(__name__)


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The e-mail's own segments where none are given. `afresh`: as if nobody had had it yet, which is how
    recurring e-mails go out.
    """

    segments: list[str] | None = None
    exclude: list[str] | None = None
    afresh: bool = False


@route(blueprint, "POST", "/emails/{email_id}/preflight", ASKS)
def begin(call: Call, email_id: str) -> Response:
    given = call.decoded(Asked)
    job = preflight.begin(call.world, email_id, given.segments, given.exclude, afresh=given.afresh)
    return answer(shown(call, job), 202)


@route(blueprint, "GET", "/preflights/{preflight_id}")
def read(call: Call, preflight_id: str) -> object:
    return shown(call, preflight.read(call.world, preflight_id))


@route(blueprint, "GET", "/preflights/{preflight_id}/report")
def report(call: Call, preflight_id: str) -> Response:
    """The same as a page that people read."""
    from chalicelib.console.reporting import preflight_report  # noqa: PLC0415  # Jinja2, for this page alone

    job = preflight.read(call.world, preflight_id)
    estimate = preflight.estimate(call.world, job) if job.state == "finished" else None
    email = call.world.emails.read(job.email)
    html = preflight_report(email.name if email else job.email, job, estimate)
    return Response(html, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})


def shown(call: Call, job: Preflight) -> dict[str, Any]:
    """`cost` in dollars, `duration` at the quota of now, in seconds; both null until it has finished."""
    estimate = preflight.estimate(call.world, job) if job.state == "finished" else None
    return {
        "id": job.id,
        "email": job.email,
        "revision": job.revision,
        "state": job.state,
        "reason": job.reason,
        "scanned": job.scanned,
        "pending": job.pending,
        "skipped": dict(job.skipped),
        "put_off": dict(job.put_off),
        "findings": [asdict(each) for each in job.findings],
        "holes": [
            {"token": called, "recipients": number, "contacts": job.samples.get(called, ())}
            for called, number in sorted(job.holes.items())
        ],
        "cost": estimate
        and {
            "currency": "USD",
            "ses": round(estimate.price.ses, 4),
            "aws": round(estimate.price.beyond, 4),
            "total": round(estimate.price.total, 4),
        },
        "duration": estimate
        and {
            "seconds": round(estimate.seconds, 1) if isfinite(estimate.seconds) else None,
            "per_second": estimate.per_second,
        },
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
    }
