from __future__ import annotations

import base64
import http.client
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.gateway import MAX_BODY, Gateway, WholeLines, event_of


@contextmanager
def answering(app) -> Iterator[http.client.HTTPConnection]:
    with Gateway(0, app) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
        yield connection
        connection.close()
        server.shutdown()
        thread.join()


def echo(event, _context):
    return {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": event["rawPath"]}


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("application/json", b'{"a":1}', ('{"a":1}', False)),
        ("text/csv; charset=utf-8", "é".encode(), ("é", False)),
        # API Gateway hands forms over as base64, and so RFC 8058's one click
        ("application/x-www-form-urlencoded", b"a=1", (base64.b64encode(b"a=1").decode(), True)),
        ("application/octet-stream", b"\xff\x00", (base64.b64encode(b"\xff\x00").decode(), True)),
    ],
)
def test_a_body_is_text_or_base64_by_its_kind(kind, body, expected):
    event = event_of("POST", "/x", [("Content-Type", kind)], body, "127.0.0.1")
    assert (event["body"], event["isBase64Encoded"]) == expected


def test_an_event_has_format_2_with_joined_headers_and_cookies_apart():
    headers = [("X-A", "1"), ("x-a", "2"), ("Cookie", "a=1; b=2"), ("User-Agent", "ua")]
    event = event_of("GET", "/a%20b?x=1&x=2", headers, b"", "10.0.0.1")
    assert event["version"] == "2.0"
    assert event["rawPath"] == "/a b"
    assert event["rawQueryString"] == "x=1&x=2"
    assert event["headers"] == {"x-a": "1,2", "user-agent": "ua"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["requestContext"]["http"]["sourceIp"] == "10.0.0.1"
    assert "body" not in event


def test_one_connection_carries_many_requests():
    with answering(echo) as connection:
        for path in ("/one", "/two", "/three"):
            connection.request("POST", path, b"{}", {"Content-Type": "application/json"})
            assert connection.getresponse().read().decode() == path


def test_bytes_and_cookies_arrive_as_they_were():
    def app(_event, _context):
        body = base64.b64encode(b"GIF89a\xff").decode()
        return {"statusCode": 201, "headers": {"Content-Type": "image/gif"}, "cookies": ["a=1", "b=2"], "body": body,
                "isBase64Encoded": True}  # fmt: skip

    with answering(app) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 201
        assert answer.headers.get_all("set-cookie") == ["a=1", "b=2"]
        assert answer.headers["content-length"] == "7"
        assert answer.read() == b"GIF89a\xff"


def test_head_has_no_body_and_leaves_the_connection_usable():
    with answering(echo) as connection:
        connection.request("HEAD", "/there")
        assert connection.getresponse().read() == b""
        connection.request("GET", "/again")
        assert connection.getresponse().read() == b"/again"


def test_a_handler_that_raises_is_a_500(capfd):
    def app(_event, _context):
        raise RuntimeError("inside")

    with answering(app) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (500, b'{"message":"Internal Server Error"}')
    assert "inside" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(MAX_BODY + 1)}, 413),
        ({"Content-Length": "-1"}, 400),
        ({"Content-Length": "many"}, 400),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_before_it_is_read(headers, status):
    with answering(echo) as connection:
        connection.putrequest("POST", "/")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == status


@pytest.mark.parametrize(
    "sent", [b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000 + b"\r\n"]
)
def test_nonsense_is_answered_or_closed_and_harms_nobody_else(sent):
    with answering(echo) as connection:
        with socket.create_connection((connection.host, connection.port), timeout=5) as raw:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            raw.recv(1000)
        connection.request("GET", "/still")
        assert connection.getresponse().read() == b"/still"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=40), min_size=1, max_size=20))
def test_threads_never_tear_each_others_lines(tmp_path_factory, texts):
    path: Path = tmp_path_factory.mktemp("lines") / "out"
    with path.open("wb") as file:
        output = WholeLines(file.fileno())
        threads = [threading.Thread(target=print, args=(text,), kwargs={"file": output}) for text in texts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os.fsync(file.fileno())
    assert sorted(path.read_bytes().decode().split("\n")[:-1]) == sorted(texts)
