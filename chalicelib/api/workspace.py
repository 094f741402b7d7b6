"""`/v1/workspace`: the team's name, look, words and defaults. There is one, from the beginning."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.quiet_hours import QuietHours, clock
from chalicelib.model.workspace import Workspace
from chalicelib.work import workspaces

blueprint = Blueprint(__name__)


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`wordings` are given whole: {language: {name: text}}. With `version` the change is refused where it is another
    by now.
    """

    name: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    colour: str | UnsetType = UNSET
    logo_url: str | UnsetType = UNSET
    reply_to: str | UnsetType = UNSET
    from_address: str | UnsetType = UNSET
    wordings: dict[str, Any] | UnsetType = UNSET
    soft_bounces: int | UnsetType = UNSET
    soft_bounce_days: int | UnsetType = UNSET
    mode: str | UnsetType = UNSET
    resend_without_evidence: bool | UnsetType = UNSET
    caps: list[dict[str, Any]] | UnsetType = UNSET
    frequencies: list[int] | UnsetType = UNSET
    quiet_hours: dict[str, Any] | UnsetType | None = UNSET
    version: int | None = None


@route(blueprint, "GET", "/workspace")
def read(call: Call) -> object:
    return shown(workspaces.read(call.world))


@route(blueprint, "PATCH", "/workspace")
def update(call: Call) -> object:
    changes, version = call.changes(Changes)
    return shown(workspaces.update(call.world, changes, version))


def shown(workspace: Workspace) -> dict[str, Any]:
    """Version 0 and no time of change before the first change."""
    return {
        "name": workspace.name,
        "address": workspace.address,
        "language": workspace.language,
        "zone": workspace.zone,
        "colour": workspace.colour,
        "logo_url": workspace.logo_url,
        "reply_to": workspace.reply_to,
        "from_address": workspace.from_address,
        "wordings": {language: dict(words) for language, words in workspace.wordings.items()},
        "soft_bounces": workspace.soft_bounces,
        "soft_bounce_days": workspace.soft_bounce_days,
        "mode": workspace.mode,
        "resend_without_evidence": workspace.resend_without_evidence,
        "caps": [{"most": each.most, "per": each.per, "category": each.category or None} for each in workspace.caps],
        "frequencies": list(workspace.frequencies),
        "quiet_hours": _hours(workspace.quiet_hours),
        "version": workspace.version,
        "updated_at": iso(workspace.updated_at) if workspace.version else None,
    }


def _hours(hours: QuietHours | None) -> dict[str, str] | None:
    return {"from": clock(hours.start), "to": clock(hours.end)} if hours else None
