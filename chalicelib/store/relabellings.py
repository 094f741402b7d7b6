"""Relabellings: table `jobs`."""

from __future__ import annotations

from chalicelib.model.relabelling import Relabelling
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class RelabellingsStore(Jobs[Relabelling]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "relabelling", Relabelling)
