"""Events in their order of arrival, until they are published and for a while after: committed with the copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from local.ses_simulator.database import Database
from local.ses_simulator.register import Register

BOUND = 200_000
KEPT = ""


class Outbox:
    """`topic` "" (KEPT) is for events that nobody is told: they are only kept, to be read."""

    def __init__(self, database: Database, bound: int = BOUND) -> None:
        self._database = database
        self._bound = bound
        self._progress = Register(database, "progress")

    def put(self, connection: sqlite3.Connection, rows: Iterable[tuple[str, str]]) -> None:
        """(topic, body) rows, within the caller's transaction."""
        connection.executemany("INSERT INTO events (topic, body) VALUES (?, ?)", rows)
        self._trim(connection)

    @property
    def published(self) -> int:
        """The id of the last event that was published."""
        return int(self._progress.get("published") or 0)

    def advance(self, event_id: int) -> None:
        self._progress.put("published", event_id)

    def unpublished(self, limit: int) -> list[tuple[int, str, str]]:
        """(id, topic, body) of events with a topic, the oldest first."""
        with self._database.reading() as connection:
            return connection.execute(
                "SELECT id, topic, body FROM events WHERE id > ? AND topic != '' ORDER BY id LIMIT ?",
                (self.published, limit),
            ).fetchall()

    def page(self, after: int, limit: int) -> list[tuple[int, str, str]]:
        with self._database.reading() as connection:
            return connection.execute(
                "SELECT id, topic, body FROM events WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
            ).fetchall()

    def clear(self) -> None:
        """All that was published or needs not be."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM events WHERE id <= ? OR topic = ''", (self.published,))

    def _trim(self, connection: sqlite3.Connection) -> None:
        """What still has to be published is never dropped."""
        first, last = connection.execute("SELECT (SELECT min(id) FROM events), (SELECT max(id) FROM events)").fetchone()
        if last is not None and last - first >= self._bound + self._bound // 20:
            connection.execute(
                "DELETE FROM events WHERE id <= ? AND (id <= ? OR topic = '')", (last - self._bound, self.published)
            )
