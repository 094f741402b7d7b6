"""Sessions in memory."""

from dataclasses import dataclass

from chalicelib.model.session import Session
from tests.fakes.tables import Tables, put_new


@dataclass
class FakeSessions:
    tables: Tables

    def create(self, session: Session) -> bool:
        return put_new(self.tables.sessions, session.id, session)

    def read(self, session_id: str) -> Session | None:
        return self.tables.sessions.get(session_id)

    def end(self, session_id: str) -> bool:
        return self.tables.sessions.pop(session_id, None) is not None
