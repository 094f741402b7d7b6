"""`/v1/members`: who of the team may sign in to the console, and as what."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.errors import Invalid
from chalicelib.model.member import Member
from chalicelib.work import members, signing_in
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

MAX_LINK_MINUTES = 24 * 60
MINUTE_MS = 60_000


class New(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    name: str = ""
    role: str = "viewer"


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """With `version` the change is refused where it is another by now."""

    name: str | UnsetType = UNSET
    role: str | UnsetType = UNSET
    version: int | None = None


class Link(msgspec.Struct, forbid_unknown_fields=True):
    minutes: int = 30


@route(blueprint, "POST", "/members")
def create(call: Call) -> Response:
    return answer(shown(members.create(call.world, msgspec.structs.asdict(call.decoded(New)))), 201)


@route(blueprint, "GET", "/members")
def index(call: Call) -> object:
    items, cursor = members.page(call.world, call.limit, call.cursor)
    return page([shown(member) for member in items], cursor)


@route(blueprint, "GET", "/members/{member_id}")
def read(call: Call, member_id: str) -> object:
    return shown(members.read(call.world, member_id))


@route(blueprint, "PATCH", "/members/{member_id}")
def update(call: Call, member_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(members.update(call.world, member_id, changes, version))


@route(blueprint, "DELETE", "/members/{member_id}")
def delete(call: Call, member_id: str) -> Response:
    members.delete(call.world, member_id)
    return empty()


@route(blueprint, "POST", "/members/{member_id}/link")
def link(call: Call, member_id: str) -> Response:
    """Where this member signs in, once: for admins, to hand over where no letter arrives."""
    require(call.world, "admin")
    minutes = call.decoded(Link).minutes
    if not 1 <= minutes <= MAX_LINK_MINUTES:
        raise Invalid("minutes", minutes, f"Give a whole number from 1 to {MAX_LINK_MINUTES}.")
    member = members.read(call.world, member_id)
    return answer({"url": signing_in.address_of(call.world, member, minutes * MINUTE_MS)}, 201)


def shown(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "address": member.address,
        "name": member.name,
        "role": member.role,
        "version": member.version,
        "created_at": iso(member.created_at),
        "updated_at": iso(member.updated_at),
    }
