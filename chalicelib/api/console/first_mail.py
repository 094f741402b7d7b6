"""Three steps to a first mail of one's own: to whom, what, and the check that every broadcast has."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.work import first_mail, preflight
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)


@shows(blueprint, "/first")
def whom(visit: Visit) -> Response:
    require(visit.world, "sender")
    own = visit.world.members.read(visit.actor.id) if visit.actor and visit.actor.kind == "member" else None
    return visit.page("first/whom", address=own.address if own else "")


@changes(blueprint, "/first", again=whom)
def choose(visit: Visit) -> Response:
    name = said(visit.language, "first.list")
    segment = first_mail.audience(visit.world, visit.one("address"), name)
    return visit.go(f"/console/first/{segment}")


@shows(blueprint, "/first/{segment_id}")
def what(visit: Visit, segment_id: str) -> Response:
    require(visit.world, "sender")
    return visit.page("first/what", segment=segment_id)


@changes(blueprint, "/first/{segment_id}", again=what)
def write(visit: Visit, segment_id: str) -> Response:
    email = first_mail.letter(visit.world, segment_id, visit.one("subject"), visit.one("text"))
    job = preflight.begin(visit.world, email.id, [segment_id], [])
    return visit.go(f"/console/emails/{email.id}/broadcast/{job.id}")
