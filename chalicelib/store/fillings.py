"""Passes over live segments: table `jobs`."""

from __future__ import annotations

from chalicelib.model.filling import Filling
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class FillingsStore(Jobs[Filling]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "filling", Filling)
