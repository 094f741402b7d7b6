"""`/v1/audit`: who changed what, and when; the newest first, for admins."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint

from chalicelib.api.answers import page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.audit import AuditEntry
from chalicelib.work import auditing

blueprint = Blueprint(__name__)


@route(blueprint, "GET", "/audit")
def index(call: Call) -> object:
    items, cursor = auditing.page(call.world, call.limit, call.cursor)
    return page([shown(entry) for entry in items], cursor)


def shown(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "actor": {"kind": entry.actor_kind, "id": entry.actor, "name": entry.actor_name},
        "deed": entry.deed,
        "thing": entry.thing or None,
        "changed": entry.changed,
    }
