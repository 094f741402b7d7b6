"""The audit log, the newest first."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.work import auditing

blueprint = Blueprint(__name__)


@shows(blueprint, "/audit")
def index(visit: Visit) -> Response:
    entries, cursor = auditing.page(visit.world, ROWS, visit.cursor)
    return visit.page("audit/index", entries=entries, next=cursor)
