"""Merges of contacts: table `jobs`."""

from __future__ import annotations

from chalicelib.model.merging import Merge
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class MergesStore(Jobs[Merge]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "merge", Merge)
