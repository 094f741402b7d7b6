"""The shelves of one workspace, by the names of World's fields."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.model.api_key import ApiKey
from chalicelib.model.asset import Asset
from chalicelib.model.category import Category
from chalicelib.model.company import Company
from chalicelib.model.contact import ALIAS
from chalicelib.model.definition import Definition
from chalicelib.model.form import Form, FormUse
from chalicelib.model.member import Member
from chalicelib.model.owner import Owner
from chalicelib.model.preflight import Clearance
from chalicelib.model.pulse import Pulse
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.stage import Stage
from chalicelib.model.suppression_sync import SES, SuppressionSync
from chalicelib.model.tag import Tag
from chalicelib.model.theme import NAME, Theme
from chalicelib.model.transport_setup import NAME as TRANSPORT
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.model.workspace import Workspace
from chalicelib.store.connection import Connection
from chalicelib.store.shelf import Shelf

WORKSPACE = "workspace"
ONE = re.compile("workspace")
# Tags and stages are called as a team calls them.
ANY_NAME = re.compile(r".{1,100}", re.DOTALL)


def shelves(connection: Connection, workspace: str) -> dict[str, Any]:
    return {
        "workspaces": Shelf(connection, workspace, WORKSPACE, Workspace, ONE),
        "clearances": Shelf(connection, workspace, "clearance", Clearance),
        "recurrences": Shelf(connection, workspace, "recurrence", Recurrence),
        "pulses": Shelf(connection, workspace, "pulse", Pulse, re.compile("events")),
        "owners": Shelf(connection, workspace, "owner", Owner),
        "companies": Shelf(connection, workspace, "company", Company),
        "definitions": Shelf(connection, workspace, "field", Definition, ALIAS),
        "suppression_syncs": Shelf(connection, workspace, "suppression-sync", SuppressionSync, re.compile(SES)),
        "assets": Shelf(connection, workspace, "asset", Asset),
        "categories": Shelf(connection, workspace, "category", Category),
        "forms": Shelf(connection, workspace, "form", Form),
        "form_uses": Shelf(connection, workspace, "form use", FormUse),
        "tags": Shelf(connection, workspace, "tag", Tag, ANY_NAME),
        "stages": Shelf(connection, workspace, "stage", Stage, ANY_NAME),
        "members": Shelf(connection, workspace, "member", Member),
        "api_keys": Shelf(connection, workspace, "api key", ApiKey),
        "themes": Shelf(connection, workspace, "theme", Theme, NAME),
        "transport_setups": Shelf(connection, workspace, "transport", TransportSetup, TRANSPORT),
    }
