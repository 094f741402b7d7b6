"""Tags and stages: the team's words for contacts."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.model.renaming import What
from chalicelib.work import renaming, stages, tags

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


@changes(blueprint, "/tags/rename", again=index)
def rename_tag(visit: Visit) -> Response:
    return _renamed(visit, "tag")


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


@changes(blueprint, "/stages/rename", again=index_stages)
def rename_stage(visit: Visit) -> Response:
    return _renamed(visit, "stage")


@changes(blueprint, "/stages/delete", again=index_stages)
def delete_stage(visit: Visit) -> Response:
    stages.delete(visit.world, visit.one("stage"))
    return visit.go(STAGES, "data.stage-deleted", name=visit.one("stage"))


@shows(blueprint, "/renamings/{renaming_id}")
def show_renaming(visit: Visit, renaming_id: str) -> Response:
    return visit.page("data/renaming", job=renaming.read(visit.world, renaming_id))


@shows(blueprint, "/renamings/{renaming_id}/progress")
def renaming_progress(visit: Visit, renaming_id: str) -> Response:
    """The part of the page that is asked for until all contacts have been looked at."""
    return visit.page("data/renaming_progress", job=renaming.read(visit.world, renaming_id))


def _renamed(visit: Visit, what: What) -> Response:
    merge = visit.one("merge") == "1"
    job = renaming.begin(visit.world, what, visit.one(what), visit.one("new_name"), merge=merge, field="new_name")
    return visit.go(f"/console/renamings/{job.id}", "data.renaming-begun", before=job.before, after=job.after)
