"""`/v1/assets`: pictures and files, for letters to link to or to carry."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON, answer, empty, page
from chalicelib.api.routes import Call, Rule, route
from chalicelib.api.times import iso
from chalicelib.model.asset import MAX_BODY, TYPES, Asset
from chalicelib.model.errors import Invalid
from chalicelib.work import assets, importing
from chalicelib.work.stationery import public_address
from chalicelib.work.world import World

blueprint = Blueprint(__name__)

BYTES = "application/octet-stream"
TAKES_FILES = Rule((BYTES, *dict.fromkeys(TYPES.values()), JSON), MAX_BODY)
YES_OR_NO = {"true": True, "false": False}


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """`{"request_upload": true}` answers where to PUT a large file; `{"upload", "name"}` then keeps it."""

    request_upload: bool = False
    upload: str | None = None
    name: str | None = None
    public: bool = True


@route(blueprint, "POST", "/assets", TAKES_FILES)
def create(call: Call) -> Response:
    """A body of bytes takes `name` and `public` from the query. What is not public can be attached alone."""
    if call.content_type != JSON:
        made = assets.create(call.world, call.query.get("name"), call.body, public=_public(call))
        return answer(shown(call.world, made), 201)
    asked = call.decoded(Asked)
    if asked.request_upload:
        upload = importing.upload(call.world)
        return answer({"upload": upload.file, "url": upload.url, "expires_at": iso(upload.expires_at)}, 201)
    if not asked.upload:
        mend = f'Send the bytes as {BYTES} with ?name=..., or ask for a place to put them: {{"request_upload": true}}.'
        raise Invalid("upload", asked.upload, mend)
    made = assets.create_from_upload(call.world, asked.upload, asked.name, public=asked.public)
    return answer(shown(call.world, made), 201)


@route(blueprint, "GET", "/assets")
def index(call: Call) -> object:
    items, cursor = assets.page(call.world, call.limit, call.cursor)
    return page([shown(call.world, each) for each in items], cursor)


@route(blueprint, "GET", "/assets/{asset_id}")
def read(call: Call, asset_id: str) -> object:
    return shown(call.world, assets.read(call.world, asset_id))


@route(blueprint, "DELETE", "/assets/{asset_id}")
def delete(call: Call, asset_id: str) -> Response:
    assets.delete(call.world, asset_id)
    return empty()


def _public(call: Call) -> bool:
    text = call.query.get("public", "true")
    if text not in YES_OR_NO:
        raise Invalid("public", text, "Give true or false.")
    return YES_OR_NO[text]


def shown(world: World, asset: Asset) -> dict[str, Any]:
    """`url` is null for what is not public."""
    return {
        "id": asset.id,
        "name": asset.name,
        "content_type": asset.content_type,
        "size": asset.size,
        "digest": asset.digest,
        "public": asset.public,
        "url": public_address(world, asset) if asset.public else None,
        "version": asset.version,
        "created_at": iso(asset.created_at),
        "updated_at": iso(asset.updated_at),
    }
