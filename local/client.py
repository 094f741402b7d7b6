"""A small client of Envoi's API over one kept connection a thread, and of the simulator's JSON."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]
TIMEOUT_S = 120
ERRORS_FROM = 400


class Refused(Exception):
    """An answer of 4xx or 5xx: what was asked and what it said."""

    def __init__(self, method: str, path: str, status: int, said: str) -> None:
        super().__init__(f"{method} {path} -> {status}: {said[:500]}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  # whatever JSON holds
        return json.loads(self.body) if self.body else None


class Server:
    """HTTP/1.1 to one server; no redirect is followed."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._host = urlsplit(url).netloc
        self._headers = dict(headers or {})
        self._own = threading.local()

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Once more on a new connection where the kept one turned out to be closed before it was answered."""
        sent = self._headers | dict(headers or {})
        try:
            return self._exchange(method, path, body, sent)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            if method != "GET":
                raise
            return self._exchange(method, path, body, sent)

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = self._connection()
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, said)

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if kept is None:
            kept = self._own.connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT_S)
        return kept


class Client:
    """The API under `/v1`; raises Refused for every error."""

    def __init__(self, url: str, api_key: str, headers: Mapping[str, str] | None = None) -> None:
        self._server = Server(url, {"Authorization": f"Bearer {api_key}"} | dict(headers or {}))

    def get(self, path: str, **query: str | int) -> Json:
        answer: Json = self._asked("GET", path + (f"?{urlencode(query)}" if query else ""), None, {})
        return answer

    def post(self, path: str, body: Json | None = None, headers: Mapping[str, str] | None = None) -> Json:
        sent = {"Content-Type": "application/json"} | dict(headers or {})
        answer: Json = self._asked("POST", path, json.dumps(body or {}).encode(), sent)
        return answer

    def send(self, method: str, path: str, body: bytes = b"", content_type: str = "application/json") -> Any:  # noqa: ANN401
        """Any other request; whatever JSON it answers."""
        return self._asked(method, path, body, {"Content-Type": content_type})

    def pages(self, path: str, **query: str | int) -> Iterator[Json]:
        """All items of a list."""
        cursor: str | None = None
        while True:
            answer = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            yield from answer["items"]
            cursor = answer["next"]
            if not cursor:
                return

    def _asked(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:  # noqa: ANN401
        answer = self._server.ask(method, f"/v1{path}", body, headers)
        if answer.status >= ERRORS_FROM:
            raise Refused(method, path, answer.status, answer.body.decode("utf-8", "replace"))
        return answer.json()
