"""The console's first page: what is under way, what is due, the last results, and how the team's mail does."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.browser import YEAR_S, cookie
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit, redirect
from chalicelib.model.errors import NotFound
from chalicelib.work import overview

blueprint = Blueprint(__name__)

STEPS = "envoi_steps"


@shows(blueprint, "/")
def index(visit: Visit) -> Response:
    steps = visit.browser.cookies.get(STEPS) != "done"
    return visit.page("overview/index", under_way=overview.under_way(visit.world), steps=steps)


@shows(blueprint, "/under-way")
def under_way(visit: Visit) -> Response:
    """The part of the page that htmx asks for again and again."""
    looks = dict(each.partition(":")[::2] for each in visit.browser.query.get("looks", "").split(","))
    return visit.page("overview/under_way", under_way=overview.under_way(visit.world, looks))


@shows(blueprint, "/results")
def results(visit: Visit) -> Response:
    """The part that takes longer: htmx asks for it once the page is there."""
    last = overview.results(visit.world)
    return visit.page("overview/results", results=last, health=overview.health(visit.world, last))


@shows(blueprint, "/broadcasts")
def broadcasts(visit: Visit) -> Response:
    found, cursor = visit.world.broadcasts.latest(ROWS, visit.cursor)
    names = overview.names(visit.world, [each.email for each in found])
    return visit.page("broadcasts/index", broadcasts=found, names=names, next=cursor)


@changes(blueprint, "/steps", audited=False)
def close_steps(visit: Visit) -> Response:
    return redirect(visit.browser, "/console", [cookie(STEPS, "done", YEAR_S, secure=visit.browser.secure)])


@shows(blueprint, "/{page}")
def lost(_visit: Visit, page: str) -> Response:
    """Any address that no other view has: routes without parameters go first."""
    raise NotFound(f"There is no page {page[:60]!r} here.")
