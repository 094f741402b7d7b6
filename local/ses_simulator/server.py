"""HTTP/1.1 on a loopback port, a thread a connection. What a request means is the application's business."""

from __future__ import annotations

import socket
import struct
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from local.ses_simulator.exchange import Answer, Request, refused
from local.ses_simulator.refusal import Refusal

Application = Callable[[Request], Answer]

MAX_BODY = 64 * 1024 * 1024
# SO_LINGER on, zero seconds: closing then sends RST instead of FIN
_ABRUPT = struct.pack("ii", 1, 0)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    allow_reuse_address = True

    def __init__(self, host: str, port: int, application: Application) -> None:
        self.application = application
        super().__init__((host, port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  as socketserver has it
        """A client that went away is no error of ours."""
        del request, client_address

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SimulatedSES"
    sys_version = ""
    timeout = 120
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self._write(refused(Refusal("RequestEntityTooLarge", f"A request holds {MAX_BODY} bytes at most.", 413)))
            return
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        if len(body) < length:  # whoever asked died in the middle: nobody is there to be answered
            self.close_connection = True
            return
        answer = self.server.application(Request(self.command, url.path, query, body, headers))
        if answer.cut:
            self._cut(answer)
        else:
            self._write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815  the names that http.server calls

    def _write(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _cut(self, answer: Answer) -> None:
        self.close_connection = True
        if answer.cut == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)
            # without this, socketserver's own shutdown() would send a FIN first
            self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  as http.server has it
        """Thousands of lines a minute would help nobody."""
