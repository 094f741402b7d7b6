"""Exports: table `jobs`."""

from __future__ import annotations

from chalicelib.model.export import Export
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class ExportsStore(Jobs[Export]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "export", Export)
