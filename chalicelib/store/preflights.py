"""Pre-flights: table `jobs`."""

from __future__ import annotations

from chalicelib.model.preflight import Preflight
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class PreflightsStore(Jobs[Preflight]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "preflight", Preflight)
