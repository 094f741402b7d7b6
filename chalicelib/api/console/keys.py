"""Keys of the API: made, shown once, revoked."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.members import role_choices
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.model.ids import is_id
from chalicelib.work import api_keys
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)


@shows(blueprint, "/keys")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    return _page(visit)


@changes(blueprint, "/keys", again=index)
def create(visit: Visit) -> Response:
    """Answered with the page itself: what is shown once goes into no redirect and no cookie. Reloaded it makes none."""
    once = visit.one("once")
    _, text = api_keys.create(visit.world, visit.one("name"), visit.one("role"), once if is_id(once) else "")
    return _page(visit.fresh(), made=text)


@changes(blueprint, "/keys/{key_id}/remove")
def remove(visit: Visit, key_id: str) -> Response:
    key = api_keys.delete(visit.world, key_id)
    return visit.go("/console/keys", "keys.removed", name=key.name)


def _page(visit: Visit, made: str = "") -> Response:
    found, cursor = api_keys.page(visit.world, ROWS, visit.cursor)
    once = visit.world.new_id()
    return visit.page("keys/index", keys=found, next=cursor, made=made, once=once, role_choices=role_choices(visit))
