"""Owners: the colleagues who look after contacts."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.work import keeping, owners
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/owners"
PARTS = ("address", "first_name", "last_name", "position", "signature")


@shows(blueprint, "/owners")
def index(visit: Visit) -> Response:
    found = sorted(keeping.every(visit.world.owners), key=lambda each: (each.name or each.address).casefold())
    return visit.page("data/owners", owners=found)


@changes(blueprint, "/owners", again=index)
def create(visit: Visit) -> Response:
    owner = owners.create(visit.world, {name: visit.one(name) for name in PARTS})
    return visit.go(HERE, "data.owner-made", name=owner.name or owner.address)


@shows(blueprint, "/owners/{owner_id}")
def show(visit: Visit, owner_id: str) -> Response:
    require(visit.world, "editor")
    return visit.page("data/owner", owner=owners.read(visit.world, owner_id))


@changes(blueprint, "/owners/{owner_id}", again=show)
def update(visit: Visit, owner_id: str) -> Response:
    owners.update(visit.world, owner_id, {name: visit.one(name) for name in PARTS}, visit.whole("version"))
    return visit.go(HERE, "frame.saved")


@changes(blueprint, "/owners/{owner_id}/delete", again=show)
def delete(visit: Visit, owner_id: str) -> Response:
    owners.delete(visit.world, owner_id)
    return visit.go(HERE, "data.owner-deleted")
