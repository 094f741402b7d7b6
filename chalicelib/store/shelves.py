"""The shelves of one workspace, by the names of World's fields."""

from __future__ import annotations

import re
from typing import Any

from chalicelib.model.asset import Asset
from chalicelib.model.company import Company
from chalicelib.model.contact import ALIAS
from chalicelib.model.definition import Definition
from chalicelib.model.owner import Owner
from chalicelib.model.workspace import Workspace
from chalicelib.store.connection import Connection
from chalicelib.store.shelf import Shelf

ONE = re.compile("workspace")


def shelves(connection: Connection, workspace: str) -> dict[str, Any]:
    return {
        "workspaces": Shelf(connection, workspace, "workspace", Workspace, ONE),
        "owners": Shelf(connection, workspace, "owner", Owner),
        "companies": Shelf(connection, workspace, "company", Company),
        "definitions": Shelf(connection, workspace, "field", Definition, ALIAS),
        "assets": Shelf(connection, workspace, "asset", Asset),
    }
