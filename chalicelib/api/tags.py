"""`/v1/tags` and `/v1/stages`: the team's words for contacts, by name (URL-encoded)."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.stage import Stage
from chalicelib.model.word import Word
from chalicelib.work import stages, tags

blueprint = Blueprint(__name__)


class NewTag(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    description: str = ""


class TagChanges(msgspec.Struct, forbid_unknown_fields=True):
    """With `version` the change is refused where it is another by now."""

    description: str | UnsetType = UNSET
    version: int | None = None


class NewStage(msgspec.Struct, forbid_unknown_fields=True):
    """Behind all others where no `weight` is given."""

    name: str
    description: str = ""
    weight: int | None = None


class StageChanges(msgspec.Struct, forbid_unknown_fields=True):
    description: str | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/tags")
def create_tag(call: Call) -> Response:
    return answer(_shown(tags.create(call.world, **msgspec.structs.asdict(call.decoded(NewTag)))), 201)


@route(blueprint, "GET", "/tags")
def index_tags(call: Call) -> object:
    """In the order of their names."""
    items, cursor = tags.page(call.world, call.limit, call.cursor)
    return page([_shown(tag) for tag in items], cursor)


@route(blueprint, "GET", "/tags/{tag}")
def read_tag(call: Call, tag: str) -> object:
    return _shown(tags.read(call.world, tag))


@route(blueprint, "PATCH", "/tags/{tag}")
def update_tag(call: Call, tag: str) -> object:
    changes, version = call.changes(TagChanges)
    return _shown(tags.update(call.world, tag, changes, version))


@route(blueprint, "DELETE", "/tags/{tag}")
def delete_tag(call: Call, tag: str) -> Response:
    tags.delete(call.world, tag)
    return empty()


@route(blueprint, "POST", "/stages")
def create_stage(call: Call) -> Response:
    return answer(_shown_stage(stages.create(call.world, **msgspec.structs.asdict(call.decoded(NewStage)))), 201)


@route(blueprint, "GET", "/stages")
def index_stages(call: Call) -> object:
    """In the order of their weight."""
    items, cursor = stages.page(call.world, call.limit, call.cursor)
    return page([_shown_stage(stage) for stage in items], cursor)


@route(blueprint, "GET", "/stages/{stage}")
def read_stage(call: Call, stage: str) -> object:
    return _shown_stage(stages.read(call.world, stage))


@route(blueprint, "PATCH", "/stages/{stage}")
def update_stage(call: Call, stage: str) -> object:
    changes, version = call.changes(StageChanges)
    return _shown_stage(stages.update(call.world, stage, changes, version))


@route(blueprint, "DELETE", "/stages/{stage}")
def delete_stage(call: Call, stage: str) -> Response:
    stages.delete(call.world, stage)
    return empty()


def _shown(word: Word) -> dict[str, Any]:
    return {
        "name": word.name,
        "description": word.description,
        "version": word.version,
        "created_at": iso(word.created_at),
        "updated_at": iso(word.updated_at),
    }


def _shown_stage(stage: Stage) -> dict[str, Any]:
    return _shown(stage) | {"weight": stage.weight}
