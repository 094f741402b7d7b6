"""Members: who signs in, and as what."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.console.words import said
from chalicelib.model.role import ROLES
from chalicelib.work import members
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/members"


@shows(blueprint, "/members")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    found, cursor = members.page(visit.world, ROWS, visit.cursor)
    return visit.page("members/index", members=found, next=cursor, roles=ROLES, role_choices=role_choices(visit))


@changes(blueprint, "/members", again=index)
def create(visit: Visit) -> Response:
    given = {name: visit.one(name) for name in ("address", "name", "role")}
    member = members.create(visit.world, given)
    return visit.go(HERE, "members.added", name=member.called)


@changes(blueprint, "/members/{member_id}")
def update(visit: Visit, member_id: str) -> Response:
    member = members.update(visit.world, member_id, {"role": visit.one("role")})
    return visit.go(HERE, "members.changed", name=member.called, role=said(visit.language, f"role.{member.role}"))


@changes(blueprint, "/members/{member_id}/remove")
def remove(visit: Visit, member_id: str) -> Response:
    member = members.delete(visit.world, member_id)
    return visit.go(HERE, "members.removed", name=member.called)


def role_choices(visit: Visit) -> list[tuple[str, str]]:
    return [(role, said(visit.language, f"role.{role}")) for role in ROLES]
