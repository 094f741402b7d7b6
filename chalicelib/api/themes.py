"""`/v1/themes`: what e-mails begin as. Zips come and go in Mautic's layout."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON, answer, empty, page
from chalicelib.api.routes import ASKS, Call, Rule, route
from chalicelib.api.times import iso
from chalicelib.model.theme import MAX_ZIP, Theme
from chalicelib.work import theme_writing, themes
from chalicelib.work.theme_drafting import Draft
from chalicelib.work.theme_writing import Written

blueprint = Blueprint(__name__)

ZIPS = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
TAKES_ZIP = Rule((*ZIPS, JSON), MAX_ZIP)
PNG = "image/png"


class Source(msgspec.Struct, forbid_unknown_fields=True):
    """One of `html`, `mjml` and `twig`; `parts` are further texts by path, null takes one out."""

    html: str | None = None
    mjml: str | None = None
    twig: str | None = None
    title: str | None = None
    author: str | None = None
    author_url: str | None = None
    parts: dict[str, str | None] = {}


class New(Source, forbid_unknown_fields=True, kw_only=True):
    name: str
    copy_of: str | None = None


class Changes(Source, forbid_unknown_fields=True):
    """With `version` the change is refused where the theme has another by now."""

    version: int | None = None


class Values(msgspec.Struct, forbid_unknown_fields=True):
    values: dict[str, Any] = {}


@route(blueprint, "GET", "/themes")
def index(call: Call) -> object:
    items, cursor = themes.page(call.world, call.limit, call.cursor)
    return page([listed(theme) for theme in items], cursor)


@route(blueprint, "POST", "/themes", TAKES_ZIP)
def create(call: Call) -> Response:
    """A zip takes its `name` from the query; without one, of the name in its config.json."""
    if call.content_type in ZIPS:
        return answer(written(theme_writing.create_from_zip(call.world, call.body, call.query.get("name"))), 201)
    given = msgspec.structs.asdict(call.decoded(New))
    return answer(written(theme_writing.create(call.world, given.pop("name"), Draft(**given))), 201)


@route(blueprint, "GET", "/themes/{name}")
def read(call: Call, name: str) -> object:
    found = themes.opened(call.world, name)
    files = [{**asdict(each), "url": found.addresses.get(each.path)} for each in found.theme.files]
    values = [{"name": each, "default": value} for each, value in themes.values_of(call.world, name).items()]
    more = {"files": files, "values": values, "source": found.source, "parts": found.parts}
    return listed(found.theme) | more


@route(blueprint, "GET", "/themes/{name}/preview")
def preview(call: Call, name: str) -> Response:
    return Response(themes.preview(call.world, name), {"Content-Type": PNG, "Cache-Control": "private, max-age=300"})


@route(blueprint, "GET", "/themes/{name}/export")
def export(call: Call, name: str) -> Response:
    attached = f'attachment; filename="{themes.read(call.world, name).id}.zip"'
    return Response(themes.export(call.world, name), {"Content-Type": ZIPS[0], "Content-Disposition": attached})


@route(blueprint, "PUT", "/themes/{name}", TAKES_ZIP)
def replace(call: Call, name: str) -> object:
    """A zip replaces all of it; JSON what it names."""
    if call.content_type in ZIPS:
        return written(theme_writing.replace_by_zip(call.world, name, call.body, call.version))
    given = msgspec.structs.asdict(call.decoded(Changes))
    version = given.pop("version")
    return written(theme_writing.update(call.world, name, Draft(**given), version))


@route(blueprint, "DELETE", "/themes/{name}")
def delete(call: Call, name: str) -> Response:
    theme_writing.delete(call.world, name)
    return empty()


@route(blueprint, "POST", "/themes/{name}/render", ASKS)
def render(call: Call, name: str) -> object:
    begun = themes.begin(call.world, name, call.decoded(Values).values)
    return {begun.format: begun.source, "warnings": [asdict(each) for each in begun.cautions]}


def listed(theme: Theme) -> dict[str, Any]:
    """`format` is what an e-mail of it is written in: html or mjml."""
    return {
        "name": theme.id,
        "title": theme.title,
        "author": theme.author,
        "author_url": theme.author_url,
        "builder": theme.builders,
        "features": theme.features,
        "format": theme.format,
        "entry": theme.entry,
        "built_in": theme.built_in,
        "has_preview": theme.has_preview,
        "version": theme.version,
        "created_at": iso(theme.created_at or None),
        "updated_at": iso(theme.updated_at or None),
    }


def written(done: Written) -> dict[str, Any]:
    """`skipped` names every file of the zip that was left out, and why."""
    values = [{"name": each, "default": json.loads(text)} for each, text in done.theme.values.items()]
    said = {"skipped": [asdict(each) for each in done.skipped], "warnings": [asdict(each) for each in done.cautions]}
    return listed(done.theme) | {"values": values} | said
