"""`/v1/emails/{id}/content`: a page that somebody brings becomes the content of an e-mail."""

from __future__ import annotations

from dataclasses import asdict
from email.message import Message
from typing import Any

import msgspec
from chalice import Blueprint

from chalicelib.api.answers import JSON
from chalicelib.api.emails import shown
from chalicelib.api.routes import Call, Rule, route
from chalicelib.work import content_import
from chalicelib.work.content_import import FORMS, MAX_BODY, RELATED, Brought, Imported
from chalicelib.work.stationery import public_address
from chalicelib.work.world import World

blueprint = Blueprint(__name__)

BYTES = "application/octet-stream"
TAKES_PAGES = Rule((*FORMS, BYTES, JSON), MAX_BODY)


class Uploaded(msgspec.Struct, forbid_unknown_fields=True):
    """`upload` is what POST /v1/assets {"request_upload": true} answered. Without `name`, the file's beginning tells
    what it is.
    """

    upload: str
    name: str | None = None


@route(blueprint, "POST", "/emails/{email_id}/content", TAKES_PAGES)
def bring(call: Call, email_id: str) -> object:
    """`name` in the query is the file's; `version` the e-mail's that is expected."""
    version = call.version
    if call.content_type == JSON:
        given = call.decoded(Uploaded)
        done = content_import.bring_upload(call.world, email_id, given.upload, given.name, version)
    else:
        done = content_import.bring(call.world, email_id, _brought(call), version)
    return shown(done.email) | {"imported": _told(call.world, done)}


def _brought(call: Call) -> Brought:
    said = call.headers["content-type"]
    form = FORMS.get(call.content_type)
    body = call.body
    if call.content_type == RELATED and body.lstrip().startswith(b"--"):
        # as HTTP has it: the mail's head stands in the request's
        body = f"Content-Type: {said}\r\n\r\n".encode() + body
    return Brought(body, form, call.query.get("name"), _charset(said) if form == "html" else "")


def _charset(said: str) -> str:
    head = Message()
    head["content-type"] = said[:200]
    return head.get_content_charset() or ""


def _told(world: World, done: Imported) -> dict[str, Any]:
    pictures = [
        {"path": each.path, "asset": each.asset.id, "url": public_address(world, each.asset)} for each in done.pictures
    ]
    return {
        "page": done.page,
        "pictures": pictures,
        "styles": done.styles,
        "skipped": [asdict(each) for each in done.skipped],
        "missing": [asdict(each) for each in done.missing],
    }
