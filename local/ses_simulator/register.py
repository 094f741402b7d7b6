"""Named things that calls create and later calls find: identities, configuration sets, suppressed addresses."""

from __future__ import annotations

from typing import Any

import msgspec

from local.ses_simulator.database import Database

IDENTITY, CONFIGURATION_SET, SUPPRESSED = "identity", "configuration set", "suppressed"

MAX_PAGE = 1_000


class Register:
    """Read far more often than written: kept in memory and written through. `body` is anything JSON can say."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind
        with database.reading() as connection:
            rows = connection.execute("SELECT name, body FROM things WHERE kind = ?", (kind,)).fetchall()
        self._things: dict[str, Any] = {name: msgspec.json.decode(body) for name, body in rows}

    def get(self, name: str) -> Any:  # noqa: ANN401  whatever was put
        return self._things.get(name)

    def put(self, name: str, body: Any) -> None:  # noqa: ANN401  whatever JSON can say
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO things VALUES (?, ?, ?)", (self._kind, name, msgspec.json.encode(body).decode())
            )
            self._things[name] = body

    def remove(self, name: str) -> bool:
        """Whether it was there."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM things WHERE kind = ? AND name = ?", (self._kind, name))
            return self._things.pop(name, None) is not None

    def names(self) -> list[str]:
        return sorted(self._things)

    def page(self, after: str, limit: int) -> tuple[list[tuple[str, Any]], str | None]:
        """Names behind `after` with their bodies, and where to go on."""
        names = [name for name in self.names() if name > after]
        shown = names[: max(1, min(limit, MAX_PAGE))]
        return [(name, self._things[name]) for name in shown], shown[-1] if len(names) > len(shown) else None
