"""What keeps a team's sessions, and the log of its changes."""

from __future__ import annotations

from typing import Protocol

from chalicelib.model.audit import AuditEntry
from chalicelib.model.session import Session


class Sessions(Protocol):
    """Sessions, and the links that begin them. Those that have expired may go at any time."""

    def create(self, session: Session) -> bool:
        """If absent."""
        ...

    def read(self, session_id: str) -> Session | None:
        """Consistent; expired ones too, as long as they are there."""
        ...

    def end(self, session_id: str) -> bool:
        """Whether it was there: of two that end it, one is told so."""
        ...


class Audit(Protocol):
    """The log of changes."""

    def add(self, entry: AuditEntry) -> None: ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[AuditEntry], str | None]:
        """The newest first."""
        ...
