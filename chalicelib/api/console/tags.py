"""Tags and stages: the team's words for contacts."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.work import stages, tags

blueprint = Blueprint(__name__)

TAGS, STAGES = "/console/tags", "/console/stages"


@shows(blueprint, "/tags")
def index(visit: Visit) -> Response:
    found, cursor = tags.page(visit.world, ROWS, visit.cursor)
    return visit.page("data/tags", tags=found, next=cursor)


@changes(blueprint, "/tags", again=index)
def create_tag(visit: Visit) -> Response:
    tag = tags.create(visit.world, visit.one("name"), visit.one("description"))
    return visit.go(TAGS, "data.tag-made", name=tag.name)


@changes(blueprint, "/tags/change", again=index)
def update_tag(visit: Visit) -> Response:
    tags.update(visit.world, visit.one("tag"), {"description": visit.one("about")})
    return visit.go(TAGS, "frame.saved")


@changes(blueprint, "/tags/delete", again=index)
def delete_tag(visit: Visit) -> Response:
    tags.delete(visit.world, visit.one("tag"))
    return visit.go(TAGS, "data.tag-deleted", name=visit.one("tag"))


@shows(blueprint, "/stages")
def index_stages(visit: Visit) -> Response:
    return visit.page("data/stages", stages=stages.every(visit.world))


@changes(blueprint, "/stages", again=index_stages)
def create_stage(visit: Visit) -> Response:
    stage = stages.create(visit.world, visit.one("name"), visit.one("description"), visit.whole("weight"))
    return visit.go(STAGES, "data.stage-made", name=stage.name)


@changes(blueprint, "/stages/change", again=index_stages)
def update_stage(visit: Visit) -> Response:
    wanted: dict[str, object] = {"description": visit.one("about")}
    place = visit.whole("place")
    stages.update(visit.world, visit.one("stage"), wanted if place is None else wanted | {"weight": place})
    return visit.go(STAGES, "frame.saved")


@changes(blueprint, "/stages/delete", again=index_stages)
def delete_stage(visit: Visit) -> Response:
    stages.delete(visit.world, visit.one("stage"))
    return visit.go(STAGES, "data.stage-deleted", name=visit.one("stage"))
