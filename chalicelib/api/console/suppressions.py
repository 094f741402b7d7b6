"""Who is not written to: the list, one address asked about, put on it and lifted from it."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.work import suppression_list

blueprint = Blueprint(__name__)

HERE = "/console/suppressions"


@shows(blueprint, "/suppressions")
def index(visit: Visit) -> Response:
    found, cursor = suppression_list.page(visit.world, ROWS, visit.cursor)
    asked = visit.browser.query.get("address", "").strip()
    standing = suppression_list.read(visit.world, asked) if asked and visit.fault is None else None
    return visit.page("suppressions/index", suppressions=found, next=cursor, asked=asked, standing=standing)


@changes(blueprint, "/suppressions", again=index)
def put(visit: Visit) -> Response:
    suppression_list.put(visit.world, visit.one("address"), "suppressed")
    return visit.go(HERE, "suppressions.added")


@changes(blueprint, "/suppressions/{address}/lift")
def lift(visit: Visit, address: str) -> Response:
    suppression_list.lift(visit.world, address, force=visit.one("force") == "1")
    return visit.go(HERE, "suppressions.lifted")
