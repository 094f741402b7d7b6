"""One request, one try: what was certainly not sent is told from what may have been."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest

from chalicelib.model.outcome import CallInDoubt, CallNotSent, CallRefused, Halted
from chalicelib.transports.json_call import IDLE, MAX_ANSWER, Answer, JsonCall, _tls
from tests.transports.conftest import Clock
from tests.transports.smtp_stand_in import authority, certificate

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(script, tls=None):
    """`script(connection, number)` speaks on each connection; gives the base URL and the number of connections."""
    accepted = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            accepted.append(connection)
            threading.Thread(target=speak, args=(connection, len(accepted)), daemon=True).start()

    def speak(connection, number):
        try:
            script(tls.wrap_socket(connection, server_side=True) if tls else connection, number)
        except OSError:
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}", accepted
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in accepted:
            connection.close()


def request(connection):
    """Reads one whole request."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536) or _gone()
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while lengths and len(body) < lengths[0]:
        body += connection.recv(65_536) or _gone()
    return head, body


def _gone():
    raise OSError("gone")


def answering(*answers):
    def script(connection, _number):
        for answer in answers:
            request(connection)
            connection.sendall(answer)

    return script


def call(url, timeout_ms=400, **more):
    return JsonCall("Somebody", url, timeout_ms, ["a-secret"], **more)


def test_calls_share_a_connection():
    with server(answering(OK, OK, OK)) as (url, accepted):
        calls = call(url)
        assert [calls.post("/x", b"{}").status for _ in range(3)] == [200] * 3
        assert len(accepted) == 1


def test_a_request_has_its_headers_and_its_body():
    seen = []

    def script(connection, _number):
        seen.append(request(connection))
        connection.sendall(OK)

    with server(script) as (url, _):
        answer = call(f"{url}/base/", headers={"Authorization": "Bearer a-secret"}).post("/x", b'{"a": 1}')
    ((head, body),) = seen
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /base/x HTTP/1.1"
    assert {"Content-Type: application/json", "Authorization: Bearer a-secret", "User-Agent: envoi"} < set(lines)
    assert body == b'{"a": 1}'
    assert answer == Answer(200, {"content-type": "application/json", "content-length": "2"}, b"{}")
    assert answer.json == {}


def test_a_connection_that_was_idle_too_long_is_not_trusted():
    clock = Clock()
    with server(answering(OK, OK)) as (url, accepted):
        calls = call(url, clock=clock)
        calls.get("/x")
        clock.now += IDLE + 1
        calls.get("/x")
        assert len(accepted) == 2


def test_a_connection_that_the_other_side_has_ended_is_not_used_again():
    ended = threading.Event()

    def script(connection, _number):
        request(connection)
        connection.sendall(OK)
        connection.shutdown(socket.SHUT_RDWR)
        ended.set()

    with server(script) as (url, accepted):
        calls = call(url)
        for _ in range(2):
            ended.clear()
            assert calls.post("/x", b"{}").status == 200
            assert ended.wait(5)
        assert len(accepted) == 2


def test_a_connection_that_is_not_kept_alive_is_closed():
    closing = OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n", 1)
    with server(answering(closing)) as (url, accepted):
        calls = call(url)
        assert [calls.post("/x", b"{}").status for _ in range(2)] == [200, 200]
        assert len(accepted) == 2


def silent(connection, _number):
    request(connection)
    time.sleep(5)


def closing(connection, _number):
    request(connection)
    connection.shutdown(socket.SHUT_RDWR)


def cut(connection, _number):
    request(connection)
    connection.sendall(OK.replace(b"Length: 2", b"Length: 99"))
    connection.shutdown(socket.SHUT_RDWR)


def dripping(connection, _number):
    request(connection)
    connection.sendall(OK.replace(b"Length: 2", b"Length: 999")[:-2])
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def endless(connection, _number):
    request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
    for _ in range(MAX_ANSWER // 2**16 + 2):
        connection.sendall(b"x" * 2**16)


def nonsense(connection, _number):
    request(connection)
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("script", [silent, closing, cut, dripping, endless, nonsense])
def test_once_the_request_is_written_whatever_fails_leaves_doubt_and_is_not_repeated(script):
    with server(script) as (url, accepted):
        began = time.monotonic()
        with pytest.raises(CallInDoubt, match="Somebody gave no whole answer"):
            call(url).post("/x", b"{}")
        assert time.monotonic() - began < 2
        assert len(accepted) == 1


def test_where_nobody_listens_nothing_was_sent():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(CallNotSent, match="Somebody could not be reached"):
            call(f"http://127.0.0.1:{reserved.getsockname()[1]}").post("/x", b"{}")


def test_what_speaks_no_tls_got_nothing():
    heard = []

    def script(connection, _number):
        heard.append(connection.recv(65_536))
        connection.sendall(b"220 mail.example.com ESMTP\r\n")

    with server(script) as (url, _):
        with pytest.raises(CallNotSent):
            call(url.replace("http:", "https:")).post("/x", b"a body")
        assert b"a body" not in b"".join(heard)


def test_a_certificate_that_nobody_vouches_for_ends_it():
    untrusted = server(answering(OK), tls=certificate("127.0.0.1"))
    with untrusted as (url, _), pytest.raises(CallNotSent, match="certificate verify failed"):
        call(url).post("/x", b"{}")


@pytest.fixture
def trusting(tmp_path, monkeypatch):
    """The system's authorities are ours, as the environment may say (OpenSSL's SSL_CERT_FILE)."""
    authority().cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    _tls.cache_clear()
    yield
    _tls.cache_clear()


@pytest.mark.usefixtures("trusting")
def test_with_a_certificate_that_somebody_vouches_for_calls_go_encrypted_and_share_a_connection():
    with server(answering(OK, OK), tls=certificate("127.0.0.1")) as (url, accepted):
        calls = call(url, timeout_ms=2_000)
        assert [calls.post("/x", b"{}").status for _ in range(2)] == [200, 200]
        assert len(accepted) == 1


@pytest.mark.usefixtures("trusting")
def test_a_certificate_for_another_host_ends_it():
    other = server(answering(OK), tls=certificate("api.example.com"))
    with other as (url, _), pytest.raises(CallNotSent, match="certificate verify failed"):
        call(url, timeout_ms=2_000).post("/x", b"{}")


def test_certificates_and_host_names_are_verified():
    assert _tls().verify_mode == ssl.CERT_REQUIRED
    assert _tls().check_hostname


@pytest.mark.parametrize(
    "url", ["http://api.example.com", "http://10.0.0.1", "ftp://api.example.com", "api.example.com"]
)
def test_a_key_never_travels_in_clear(url):
    with pytest.raises(ValueError, match="https"):
        call(url)


def answer(status):
    return Answer(status, {}, b"")


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (200, CallInDoubt),  # whoever asks for the fault of a 200 found it unreadable
        (302, CallInDoubt),
        (400, CallRefused),
        (408, CallInDoubt),
        (418, CallRefused),
        (429, CallNotSent),
        (401, Halted),
        (500, CallInDoubt),
        (503, CallInDoubt),
    ],
)
def test_what_a_status_means(status, raised):
    table = {401: (Halted, "Mend it."), 429: (CallNotSent, "Later.")}
    fault = call("https://api.example.com").fault(answer(status), table, "because")
    assert type(fault) is raised
    assert "because" in fault.reason


def test_no_secret_and_no_end_in_what_people_see():
    shown = call("https://api.example.com").shown("who is a-secret? \ud800" + "x" * 10_000)
    assert "a-secret" not in shown
    assert shown.startswith("who is (key)? ?")
    assert len(shown) == 500


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b"nonsense"])
def test_a_body_that_is_no_json_is_none(body):
    assert Answer(200, {}, body).json is None
