"""One request to a provider's JSON API: tried once, on a connection that is kept while it is fresh.

`http.client` alone: it connects when it is told to and never repeats a request, so that what failed before the
request was written (certainly not sent) is told from what failed after it (in doubt) by the place and not by names.
"""

from __future__ import annotations

import http.client
import select
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chalicelib.model.outcome import CallInDoubt, CallNotSent, CallRefused, SendingFault

MAX_ANSWER = 4 * 1024 * 1024
MAX_REASON = 500
# A connection that was idle for longer may be dead without our knowing (a Lambda is frozen between its jobs), and a
# call on a dead connection ends in doubt although nothing was sent. Seconds.
IDLE = 5.0
KEPT = 16
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

NONE: Mapping[str, str] = MappingProxyType({})

REQUEST_TIMEOUT, FIRST_REFUSAL, FIRST_FAILURE = 408, 400, 500

# For an HTTP status, the fault of the whole call and the words before the provider's own.
Statuses = Mapping[int, tuple[type[SendingFault], str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name. `json` is None where the body is no JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever came over the wire
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Api:
    """Where a provider's API is, how long one of its calls may take, and what it takes in a second: the rate where it
    does not tell one itself.
    """

    base_url: str
    per_second: float
    timeout_ms: int = 30_000


class JsonCall:
    """`provider` is its name for people. `headers` go with every request; `secrets` are taken out of every reason.
    `clock` gives wall-clock seconds: a monotonic clock may stand still while a Lambda is frozen.
    """

    def __init__(
        self,
        provider: str,
        base_url: str,
        timeout_ms: int,
        secrets: Sequence[str],
        headers: Mapping[str, str] = NONE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        place = urlsplit(base_url)
        if place.scheme != "https" and place.hostname not in LOOPBACK:
            raise ValueError(f"{provider}: a key must not travel in clear; {base_url!r} has to begin with https://")
        self._provider = provider
        self._place = place
        self._timeout = timeout_ms / 1_000
        self._secrets = tuple(secrets)
        self._headers = {"User-Agent": "envoi", **headers}
        self._clock = clock
        self._lock = threading.Lock()
        self._idle: list[tuple[http.client.HTTPConnection, float]] = []

    def post(self, path: str, body: bytes) -> Answer:
        """Raises CallNotSent where nothing was written, CallInDoubt where no whole answer came."""
        return self._called("POST", path, body, {"Content-Type": "application/json", **self._headers})

    def get(self, path: str) -> Answer:
        return self._called("GET", path, None, self._headers)

    def fault(self, answer: Answer, statuses: Statuses, said: str) -> SendingFault:
        """What an answer means for the whole call. Only a status that refuses was certainly not taken: whatever else
        came may have been. `said` is the provider's own words.
        """
        shown = self.shown(said)
        if answer.status in statuses:
            kind, words = statuses[answer.status]
            return kind(f"{words} {shown}".strip())
        if not FIRST_REFUSAL <= answer.status < FIRST_FAILURE or answer.status == REQUEST_TIMEOUT:
            return CallInDoubt(f"{self._provider} answered with HTTP status {answer.status}. {shown}".strip())
        # any other 4xx refuses this call for a cause that we do not know: splitting finds whom it concerns
        return CallRefused(f"HTTP status {answer.status}. {shown}".strip())

    def shown(self, text: str) -> str:
        """What people may see: cut, and without our keys."""
        for secret in self._secrets:
            text = text.replace(secret, "(key)")
        return text[:MAX_REASON].encode("utf-8", "replace").decode()

    def _called(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        until = self._clock() + self._timeout
        connection = self._connected()
        try:
            connection.request(method, self._place.path.rstrip("/") + path, body, dict(headers))
            response = connection.getresponse()
            answer = Answer(response.status, _lower(response), self._whole(response, until))
        except Exception as error:  # noqa: BLE001  # whatever it is: the request may have been written
            connection.close()
            raise CallInDoubt(f"{self._provider} gave no whole answer: {self._told(error)}") from None
        if not response.will_close:
            self._keep(connection)
        return answer

    def _whole(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """Within the time and the size that an answer may have: a provider that drips must not outlive the lease."""
        pieces, size = list[bytes](), 0
        while piece := response.read1(65_536):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_ANSWER or self._clock() > until:
                raise TimeoutError("the answer is too long or too slow")
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        # without this, http.client takes no further request on the connection
        response.close()
        return b"".join(pieces)

    def _connected(self) -> http.client.HTTPConnection:
        connecting = min(5.0, self._timeout / 4)
        connection = self._fresh() or self._opened(connecting)
        connection.sock.settimeout(self._timeout - connecting)
        return connection

    def _fresh(self) -> http.client.HTTPConnection | None:
        """The connection that was used last, if it can still be trusted."""
        with self._lock:
            while self._idle:
                connection, used_at = self._idle.pop()
                if self._clock() - used_at <= IDLE and not _ended(connection):
                    return connection
                connection.close()
        return None

    def _opened(self, connecting: float) -> http.client.HTTPConnection:
        host, port = self._place.hostname or "", self._place.port
        if self._place.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=connecting, context=_tls()
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=connecting)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise CallNotSent(f"{self._provider} could not be reached: {self._told(error)}") from None
        return connection

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < KEPT:
                self._idle.append((connection, self._clock()))
                return
        connection.close()

    def _told(self, error: Exception) -> str:
        return self.shown(str(error) or type(error).__name__)


def _lower(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _ended(connection: http.client.HTTPConnection) -> bool:
    """Whether the other side has closed: an idle connection that has something to read has its end to read."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


@cache
def _tls() -> ssl.SSLContext:
    """Certificates and host names are verified; made once, for it costs 20 ms."""
    return ssl.create_default_context()
