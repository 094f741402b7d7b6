"""A line to an SMTP server: commands out, replies in, all within one deadline (RFC 5321).

The standard library's smtplib has a time-out for each read (a server that drips a byte a second holds it for ever),
no pipelining, and does not tell whether a message's last dot was written: so the socket is ours.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

# RFC 5321 section 4.5.3.1.5 says 512; servers say more.
MAX_LINE = 4_096
MAX_LINES = 100
SHOWN = 300
# For each address of a host: the first may be one that nobody answers at. Seconds.
CONNECT_S = 5.0
_LINE = re.compile(rb"([2-5][0-9]{2})([ -]|$)(.*)", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s|$)")
_UNSHOWABLE = re.compile(r"[^ -~]+")


class Unreadable(OSError):
    """What came is no reply of SMTP: the connection is of no more use."""


class Deadline:
    """When a call must be over; `clock` gives seconds that only go forward."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + seconds
        self._half = clock() + seconds / 2

    def left(self) -> float:
        """Seconds; TimeoutError when there are none."""
        left = self._until - self._clock()
        if left <= 0:
            raise TimeoutError("the call's time is up")
        return left

    @property
    def late(self) -> bool:
        """Whether half of the time is gone: what begins now may not get its answer."""
        return self._clock() > self._half


@dataclass(frozen=True, slots=True)
class Reply:
    """`lines` without their codes, as printable ASCII; `enhanced` is "" where the server gives none (RFC 2034)."""

    code: int
    lines: tuple[str, ...]

    @property
    def enhanced(self) -> str:
        found = _ENHANCED.match(self.lines[-1])
        return found[1] if found else ""

    @property
    def text(self) -> str:
        return " ".join(self.lines).strip()[:SHOWN]

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Wire:
    """One connection. Whatever goes wrong on it is an OSError, and leaves it useless."""

    def __init__(self, connected: socket.socket, host: str, deadline: Deadline) -> None:
        self._socket = connected
        self._host = host
        self._buffer = bytearray()
        self.deadline = deadline

    def encrypt(self, context: ssl.SSLContext) -> None:
        """What came in the clear behind the last reply is not trusted (CVE-2011-0411)."""
        if self._buffer:
            raise Unreadable("the server spoke before TLS was agreed on")
        self._socket.settimeout(self.deadline.left())
        self._socket = context.wrap_socket(self._socket, server_hostname=self._host)

    def write(self, octets: bytes) -> None:
        """Returns when all are handed over; an error means that the last of them were not."""
        rest = memoryview(octets)
        while rest:
            self._socket.settimeout(self.deadline.left())
            rest = rest[self._socket.send(rest) :]

    def reply(self) -> Reply:
        lines: list[str] = []
        for _ in range(MAX_LINES):
            found = _LINE.fullmatch(self._line())
            if found is None:
                raise Unreadable("the server's answer is none of SMTP")
            lines.append(_UNSHOWABLE.sub(" ", found[3].decode("latin-1")))
            if found[2] != b"-":
                return Reply(int(found[1]), tuple(lines))
        raise Unreadable(f"the server's answer has more than {MAX_LINES} lines")

    def close(self) -> None:
        self._socket.close()

    @property
    def name(self) -> str:
        """Our own address as EHLO says it where there is no better name (RFC 5321 section 4.1.3)."""
        address = self._socket.getsockname()[0]
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAX_LINE:
                raise Unreadable(f"a line of the server's answer has more than {MAX_LINE} characters")
            self._socket.settimeout(self.deadline.left())
            octets = self._socket.recv(65_536)
            if not octets:
                raise ConnectionResetError("the server closed the connection")
            self._buffer += octets
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")


def dialled(host: str, port: int, deadline: Deadline) -> Wire:
    """Connected to the first of the host's addresses that answers; OSError where none does in time."""
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in _addresses(host, port, deadline):
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(min(CONNECT_S, deadline.left()))
            made.connect(address)
            # replies are waited for after small writes: collecting these (Nagle) costs 40 ms each
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            made.close()
            failure = error
        else:
            return Wire(made, host, deadline)
    raise failure


Addresses = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]]


def _addresses(host: str, port: int, deadline: Deadline) -> Addresses:
    """getaddrinfo knows no time-out: it is asked in a thread of its own, which does nothing else."""
    found: list[Addresses | OSError] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))  # type: ignore[arg-type]  # IPv6
        except OSError as error:
            found.append(error)

    asking = threading.Thread(target=ask, name="smtp-resolve", daemon=True)
    asking.start()
    asking.join(deadline.left())
    answer = found[0] if found else TimeoutError(f"no address of {host} in time")
    if isinstance(answer, OSError):
        raise answer
    return answer
