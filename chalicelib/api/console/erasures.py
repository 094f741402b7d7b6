"""Receipts of what was erased. They name nobody; a person is erased from their contact's page."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.work import erasing

blueprint = Blueprint(__name__)


@shows(blueprint, "/erasures")
def index(visit: Visit) -> Response:
    found, cursor = erasing.page(visit.world, ROWS, visit.cursor)
    return visit.page("erasures/index", erasures=found, next=cursor)


@shows(blueprint, "/erasures/{erasure_id}")
def show(visit: Visit, erasure_id: str) -> Response:
    return visit.page("erasures/show", job=erasing.read(visit.world, erasure_id))
