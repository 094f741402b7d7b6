"""Renamings of tags and stages: table `jobs`."""

from __future__ import annotations

from chalicelib.model.renaming import Renaming
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class RenamingsStore(Jobs[Renaming]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "renaming", Renaming)
