"""`/v1/tags/{tag}/rename` and `/v1/stages/{stage}/rename`: another name on the list and on all contacts."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.renaming import Renaming
from chalicelib.work import renaming

blueprint = Blueprint(__name__)


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """With `merge` the name may be there already: both become one."""

    name: str
    merge: bool = False


@route(blueprint, "POST", "/tags/{tag}/rename")
def rename_tag(call: Call, tag: str) -> Response:
    given = call.decoded(Wanted)
    return answer(shown(renaming.begin(call.world, "tag", tag, given.name, merge=given.merge)), 202)


@route(blueprint, "POST", "/stages/{stage}/rename")
def rename_stage(call: Call, stage: str) -> Response:
    given = call.decoded(Wanted)
    return answer(shown(renaming.begin(call.world, "stage", stage, given.name, merge=given.merge)), 202)


@route(blueprint, "GET", "/renamings/{renaming_id}")
def read(call: Call, renaming_id: str) -> object:
    return shown(renaming.read(call.world, renaming_id))


def shown(job: Renaming) -> dict[str, Any]:
    """`looked_at` are contacts so far, `changed` those that had the old name."""
    return {
        "id": job.id,
        "what": job.what,
        "before": job.before,
        "after": job.after,
        "state": job.state,
        "looked_at": job.looked_at,
        "changed": job.changed,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
    }
