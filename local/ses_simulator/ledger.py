"""Every accepted copy, kept compactly: the content once, the recipient's values beside it, rendered when looked at."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from local.ses_simulator.database import Database

ContentKind = Literal["template", "plain", "raw"]

BOUND = 200_000
KNOWN = 1_000
_CONTENT_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Content:
    """`body`: the raw message, or {"subject", "html", "text", "attachments"} as JSON."""

    kind: ContentKind
    body: bytes

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.kind.encode() + self.body).digest()

    def parts(self) -> dict[str, Any]:
        parts: dict[str, Any] = msgspec.json.decode(self.body)
        return parts


@dataclass(frozen=True, slots=True)
class Copy:
    """`envelope`: from, to, cc, bcc, destination, reply_to, headers, tags, data, operation, configuration_set, fate.

    `received_at` is epoch milliseconds; `seq` counts the copies in their order of arrival.
    """

    seq: int
    message_id: str
    received_at: int
    envelope: Mapping[str, Any]
    content: Content


@dataclass(frozen=True, slots=True)
class Arrival:
    """A copy on its way into the ledger."""

    message_id: str
    received_at: int
    envelope: Mapping[str, Any]


class Ledger:
    """Keeps the newest `bound` copies."""

    def __init__(self, database: Database, bound: int = BOUND) -> None:
        self._database = database
        self._bound = bound
        self._known: dict[bytes, None] = {}

    def keep(self, connection: sqlite3.Connection, content: Content, arrivals: Sequence[Arrival]) -> None:
        """Within the caller's transaction."""
        if not arrivals:
            return
        content_hash = content.hash
        self._keep_content(connection, content_hash, content)
        for arrival in arrivals:
            first, *further = (each.lower() for each in arrival.envelope["addresses"])
            row = (arrival.message_id, first, arrival.received_at, msgspec.json.encode(arrival.envelope), content_hash)
            seq = connection.execute(
                "INSERT INTO copies (message_id, address, received_at, envelope, content) VALUES (?, ?, ?, ?, ?)", row
            ).lastrowid
            if further:
                connection.executemany("INSERT OR IGNORE INTO further VALUES (?, ?)", [(each, seq) for each in further])
        self._trim(connection)

    def page(self, after: int, limit: int, to: str | None) -> list[Copy]:
        """The oldest first, behind `after`."""
        where, values = "seq > ?", [after]
        if to is not None:
            where += (
                " AND seq IN (SELECT seq FROM copies WHERE address = ? UNION SELECT seq FROM further WHERE address = ?)"
            )
            values += [to.lower(), to.lower()]  # type: ignore[list-item]  # SQLite takes both
        return self._copies(f"{where} ORDER BY seq LIMIT ?", (*values, limit))

    def newest(self, before: int | None, limit: int, search: str) -> list[Copy]:
        """The newest first, before `before`; `search` is any part of a recipient's address."""
        where, values = "seq < ?", [before if before is not None else 1 << 62]
        if search:
            pattern = "%" + search.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            where += (
                " AND (address LIKE ? ESCAPE '\\' OR seq IN (SELECT seq FROM further WHERE address LIKE ? ESCAPE '\\'))"
            )
            values += [pattern, pattern]  # type: ignore[list-item]  # SQLite takes both
        return self._copies(f"{where} ORDER BY seq DESC LIMIT ?", (*values, limit))

    def read(self, message_id: str) -> Copy | None:
        return next(iter(self._copies("message_id = ?", (message_id,))), None)

    def count(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM copies").fetchone()[0])

    def per_minute(self, since: int) -> list[tuple[int, int]]:
        """(minute, copies) since an instant in epoch milliseconds, the oldest first."""
        with self._database.reading() as connection:
            return connection.execute(
                "SELECT received_at / 60000 AS minute, count(*) FROM copies WHERE received_at >= ?"
                " GROUP BY minute ORDER BY minute",
                (since,),
            ).fetchall()

    def clear(self) -> None:
        with self._database.writing() as connection:
            for table in ("copies", "further", "contents"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  names of ours
            self._known.clear()

    def _copies(self, condition: str, values: Iterable[object]) -> list[Copy]:
        query = (
            "SELECT seq, message_id, received_at, envelope, contents.kind, contents.body, contents.hash"  # noqa: S608
            f" FROM copies JOIN contents ON contents.hash = copies.content WHERE {condition}"  # conditions of ours
        )
        with self._database.reading() as connection:
            rows = connection.execute(query, tuple(values)).fetchall()
        contents: dict[bytes, Content] = {}
        for *_, kind, body, content_hash in rows:
            if content_hash not in contents:
                contents[content_hash] = Content(kind, zlib.decompress(body))
        return [Copy(row[0], row[1], row[2], msgspec.json.decode(row[3]), contents[row[6]]) for row in rows]

    def _keep_content(self, connection: sqlite3.Connection, content_hash: bytes, content: Content) -> None:
        if content_hash in self._known:
            return
        body = zlib.compress(content.body, _CONTENT_LEVEL)
        connection.execute("INSERT OR IGNORE INTO contents VALUES (?, ?, ?)", (content_hash, content.kind, body))
        if content.kind == "template":  # others are hardly ever sent twice
            self._known[content_hash] = None
            if len(self._known) > KNOWN:
                self._known.pop(next(iter(self._known)))

    def _trim(self, connection: sqlite3.Connection) -> None:
        """Drops the oldest once the bound is passed by a twentieth, so that it seldom has to."""
        first, last = connection.execute(
            "SELECT (SELECT min(seq) FROM copies), (SELECT max(seq) FROM copies)"
        ).fetchone()
        if last - first < self._bound + self._bound // 20:
            return
        connection.execute("DELETE FROM copies WHERE seq <= ?", (last - self._bound,))
        connection.execute("DELETE FROM further WHERE seq <= ?", (last - self._bound,))
        connection.execute("DELETE FROM contents WHERE hash NOT IN (SELECT content FROM copies)")
        self._known.clear()
