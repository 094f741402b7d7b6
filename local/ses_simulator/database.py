"""One SQLite file (or memory) for all that the simulator keeps: no table of it outgrows its bound."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS contents (hash BLOB PRIMARY KEY, kind TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE, address TEXT NOT NULL,
    received_at INTEGER NOT NULL, envelope BLOB NOT NULL, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS copies_address ON copies (address);
CREATE INDEX IF NOT EXISTS copies_content ON copies (content);
CREATE TABLE IF NOT EXISTS further (address TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (address, seq))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS things (kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, name))
    WITHOUT ROWID;
"""

FILE = "ses.sqlite3"


class Database:
    """A connection for all threads, one at a time. A killed process loses nothing that was committed; a
    machine that loses power may (`synchronous = OFF`): it is a simulator.
    """

    def __init__(self, directory: Path | None) -> None:
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if directory is None else str(directory / FILE)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or, after an exception, nothing."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()
