"""Counts of who is pending: table `jobs`."""

from __future__ import annotations

from chalicelib.model.pending import PendingCount
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class CountsStore(Jobs[PendingCount]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "count", PendingCount)
