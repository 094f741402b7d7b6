"""The local API Gateway: HTTP requests become HTTP API events (payload format 2.0) for `app.app`.

What the app prints goes to standard output a whole line at a time, as Lambda hands it to CloudWatch Logs.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import io
import os
import signal
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from local.lambda_context import LambdaContext

Json = dict[str, Any]
App = Callable[[Json, LambdaContext], Json]

MAX_BODY = 10 * 1024 * 1024
TIMEOUT_MS = 30_000
TEXTUAL = ("text/", "application/json", "application/javascript", "application/xml")
WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def event_of(method: str, target: str, headers: list[tuple[str, str]], body: bytes, source: str) -> Json:
    """The event of one request: repeated headers joined by commas, cookies apart, bytes as base64."""
    raw_path, _, query = target.partition("?")
    path = unquote(raw_path)
    joined, cookies = _joined(headers)
    textual = joined.get("content-type", "text/plain").startswith(TEXTUAL)
    event: Json = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": joined,
        "requestContext": _request_context(method, path, joined, source),
        "isBase64Encoded": bool(body) and not textual,
    }
    if body:
        event["body"] = body.decode("utf-8", "replace") if textual else base64.b64encode(body).decode("ascii")
    return event | ({"cookies": cookies} if cookies else {})


def _joined(headers: list[tuple[str, str]]) -> tuple[dict[str, str], list[str]]:
    joined: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in headers:
        lower = name.lower()
        if lower == "cookie":
            cookies += [each.strip() for each in value.split(";")]
        else:
            joined[lower] = f"{joined[lower]},{value}" if lower in joined else value
    return joined, cookies


def _request_context(method: str, path: str, headers: dict[str, str], source: str) -> Json:
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": headers.get("host", ""),
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": source,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": str(uuid.uuid4()),
        "routeKey": "$default",
        "stage": "$default",
        "timeEpoch": time.time_ns() // 1_000_000,
    }


class Gateway(ThreadingHTTPServer):
    """Answers on 127.0.0.1 alone."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, app: App) -> None:
        super().__init__(("127.0.0.1", port), Exchange)
        self.app = app


class Exchange(BaseHTTPRequestHandler):
    """One connection: request in, event out; answer in, response out."""

    protocol_version = "HTTP/1.1"
    server_version = "envoi-local"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 120
    wbufsize = -1
    server: Gateway

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline:
            self.close_connection = True
        elif self.parse_request():
            self._exchange()

    def _exchange(self) -> None:
        body = self._body()
        if body is None:
            return
        event = event_of(self.command, self.path, self.headers.items(), body, self.client_address[0])
        try:
            answer = self.server.app(event, LambdaContext("api", TIMEOUT_MS))
        except Exception:  # noqa: BLE001  # as API Gateway: whatever the function raises is a 500
            traceback.print_exc()
            answer = {"statusCode": 500, "headers": {}, "body": '{"message":"Internal Server Error"}'}
        self._respond(answer)

    def _body(self) -> bytes | None:
        """The body; None where it was refused, and answered so."""
        if self.headers.get("Transfer-Encoding"):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length.isdecimal() else HTTPStatus.BAD_REQUEST)
            return None
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.rfile.read(int(length))

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._respond(
            {"statusCode": status.value, "headers": {"connection": "close"}, "body": f'{{"message":"{status.phrase}"}}'}
        )

    def _respond(self, answer: Json) -> None:
        """One write for head and body."""
        status = int(answer.get("statusCode", 200))
        text = answer.get("body") or ""
        body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode("utf-8")
        self.send_response_only(status)
        headers = {"content-type": "application/json"} | (answer.get("headers") or {})
        lines = [*headers.items(), *(("set-cookie", each) for each in answer.get("cookies") or ())]
        for name, value in lines:
            if name.lower() != "content-length":
                self.send_header(name, str(value))
        if status not in WITHOUT_BODY:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in WITHOUT_BODY:
            self.wfile.write(body)
        self.wfile.flush()


class WholeLines(io.TextIOBase):
    """Standard output for many threads: each line is written by one call, none is torn by another."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._own = threading.local()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        pending = getattr(self._own, "pending", "") + text
        whole, newline, self._own.pending = pending.rpartition("\n")
        if newline:
            os.write(self._descriptor, (whole + newline).encode("utf-8"))
        return len(text)


def serve(port: int, app: App) -> None:
    """Until SIGTERM."""
    server = Gateway(port, app)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    with server:
        server.serve_forever(poll_interval=0.2)


def main() -> None:
    sys.stdout = WholeLines(sys.stdout.fileno())
    from app import app  # noqa: PLC0415  # whatever it prints while it is imported is whole lines too

    serve(int(sys.argv[1]), app)


if __name__ == "__main__":
    main()
