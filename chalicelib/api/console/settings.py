"""The workspace's settings: name and look, who its letters come from, what protects the people who get them."""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.model.cap import PERIODS
from chalicelib.model.quiet_hours import clock
from chalicelib.model.workspace import Workspace
from chalicelib.model.zones import known_zones
from chalicelib.work import workspaces
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

TEXTS = ("name", "from_address", "reply_to", "address", "language", "zone")
NUMBERS = ("soft_bounces", "soft_bounce_days")


@shows(blueprint, "/settings")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    workspace = visit.workspace
    quiet = workspace.quiet_hours
    return visit.page(
        "settings/index",
        workspace=workspace,
        zones=sorted(known_zones().values()),
        caps={
            per: next((each.most for each in workspace.caps if each.per == per and not each.category), "")
            for per in PERIODS
        },
        quiet=(clock(quiet.start), clock(quiet.end)) if quiet else ("", ""),
        version=workspace.version,
    )


@changes(blueprint, "/settings", again=index)
def update(visit: Visit) -> Response:
    given: dict[str, object] = {name: visit.one(name) for name in TEXTS}
    given |= {name: number for name in NUMBERS if (number := visit.whole(name)) is not None}
    given |= {
        "caps": _caps(visit, visit.workspace),
        "quiet_hours": _quiet(visit),
        "resend_without_evidence": visit.one("resend_without_evidence") == "1",
    }
    workspaces.update(visit.world, given, visit.whole("version"))
    return visit.go("/console/settings", "settings.saved")


def _caps(visit: Visit, workspace: Workspace) -> list[dict[str, Any]]:
    """Those of the form; caps of single categories stay as they are."""
    kept = [{"most": each.most, "per": each.per, "category": each.category} for each in workspace.caps if each.category]
    wanted = [{"most": most, "per": per} for per in PERIODS if (most := visit.whole(f"cap_{per}")) is not None]
    return [*wanted, *kept]


def _quiet(visit: Visit) -> dict[str, str] | None:
    start, end = visit.one("quiet_from"), visit.one("quiet_to")
    return {"from": start, "to": end} if start or end else None
