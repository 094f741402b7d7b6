"""A/B tests of a broadcast: how the variants stand, how sure that is, and the winner by hand."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.model.broadcast import ENDED
from chalicelib.work import overview, testing

blueprint = Blueprint(__name__)


@shows(blueprint, "/broadcasts/{broadcast_id}/test")
def show(visit: Visit, broadcast_id: str) -> Response:
    return visit.page("split-tests/show", **_shown(visit, broadcast_id))


@shows(blueprint, "/broadcasts/{broadcast_id}/test/standing")
def standing(visit: Visit, broadcast_id: str) -> Response:
    """The part that htmx asks for while the broadcast is under way. The form for the winner comes and goes with it,
    and otherwise stays as it is: somebody may be at it.
    """
    shown = _shown(visit, broadcast_id)
    appears = shown["chooses"] != (visit.browser.query.get("chooses") == "1")
    return visit.page("split-tests/standing", **shown | {"appears": appears})


@changes(blueprint, "/broadcasts/{broadcast_id}/winner", again=show)
def choose(visit: Visit, broadcast_id: str) -> Response:
    """The rest of the audience gets it."""
    testing.choose(visit.world, broadcast_id, visit.one("email"))
    return visit.go(f"/console/broadcasts/{broadcast_id}", "split-tests.chosen")


def _shown(visit: Visit, broadcast_id: str) -> dict[str, Any]:
    report = testing.report(visit.world, broadcast_id)
    broadcast = report.broadcast
    return {
        "report": report,
        "broadcast": broadcast,
        "names": overview.names(visit.world, [broadcast.email, *report.results]),
        "live": broadcast.state not in ENDED and not broadcast.winner,
        "chooses": broadcast.state == "testing",
        "appears": False,
        "reached": any(each.reached for each in report.results.values()),
    }
