"""Erasures and their receipts: table `jobs`."""

from __future__ import annotations

from chalicelib.model.erasure import Erasure
from chalicelib.store.connection import Connection
from chalicelib.store.job_rows import Jobs


class ErasuresStore(Jobs[Erasure]):
    def __init__(self, connection: Connection, workspace: str) -> None:
        super().__init__(connection, workspace, "erasure", Erasure)
