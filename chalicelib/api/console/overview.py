"""The console's first page: what is under way, and what is due."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import shows
from chalicelib.api.console.visit import Visit
from chalicelib.model.errors import NotFound
from chalicelib.work import overview

blueprint = Blueprint(__name__)


@shows(blueprint, "/")
def index(visit: Visit) -> Response:
    return visit.page("overview/index", under_way=overview.under_way(visit.world))


@shows(blueprint, "/under-way")
def under_way(visit: Visit) -> Response:
    """The part of the page that htmx asks for again and again."""
    return visit.page("overview/under_way", under_way=overview.under_way(visit.world))


@shows(blueprint, "/{page}")
def lost(_visit: Visit, page: str) -> Response:
    """Any address that no other view has: routes without parameters go first."""
    raise NotFound(f"There is no page {page[:60]!r} here.")
