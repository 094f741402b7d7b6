"""An SMTP server on loopback that keeps what it takes and fails on demand (aiosmtpd, Apache-2.0). For tests alone."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import ssl
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# What a fault hits: the greeting, a command, the message's end.
Place = Literal["greeting", "EHLO", "STARTTLS", "AUTH", "RSET", "MAIL", "RCPT", "DATA", "end"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong at `place`, `times` times, after `skip` went well, for `address` alone where one is named.

    `answer` is given instead of the server's own; without one the connection ends (`how`). `seconds` pass before; with
    `how` "own" the server's own answer comes then. At the end a message is taken first where `taken` says so.
    """

    place: Place
    answer: str = ""
    times: int = 1
    skip: int = 0
    address: str = ""
    seconds: float = 0.0
    taken: bool = False
    how: Literal["close", "reset", "own"] = "close"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken. `connection` counts from 1; `encrypted` says whether it came by TLS."""

    return_path: str
    recipients: tuple[str, ...]
    content: bytes
    connection: int
    encrypted: bool
    user: str


@dataclass(frozen=True, slots=True)
class Options:
    """`tls` is the server's certificate: by STARTTLS, or from the first octet where `at_once`. Who gives `users` wants
    a login. `offers` are further lines of EHLO's answer.
    """

    tls: ssl.SSLContext | None = None
    at_once: bool = False
    users: dict[str, str] = field(default_factory=dict)
    mechanisms: Sequence[str] = ("PLAIN", "LOGIN", "CRAM-MD5")
    offers: Sequence[str] = ("PIPELINING", "ENHANCEDSTATUSCODES")


class Faults:
    """Those still to come; the first that fits hits."""

    def __init__(self) -> None:
        self._waiting: list[list[Any]] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._waiting += [[fault, fault.skip, fault.times] for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def next(self, place: Place, said: str) -> Fault | None:
        with self._lock:
            for each in self._waiting:
                fault: Fault = each[0]
                if fault.place == place and fault.address.lower() in said.lower():
                    return self._hit(each)
        return None

    def waiting(self) -> list[Fault]:
        with self._lock:
            return [each[0] for each in self._waiting]

    def _hit(self, each: list[Any]) -> Fault | None:
        if each[1]:
            each[1] -= 1
            return None
        each[2] -= 1
        if not each[2]:
            self._waiting.remove(each)
        fault: Fault = each[0]
        return fault


class SmtpServer:
    """`taken` are the messages, `commands` everything that was said, `connections` how often somebody called."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.faults = Faults()
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        self.connections = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-server", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listening(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _listening(self) -> asyncio.Server:
        context = self.options.tls if self.options.at_once else None
        return await self._loop.create_server(partial(Line, self), "127.0.0.1", 0, ssl=context)

    async def _ended(self) -> None:
        assert self._server is not None  # noqa: S101  # it was started
        self._server.close()
        lines = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in lines:
            task.cancel()
        await asyncio.gather(*lines, return_exceptions=True)


class Line(SMTP):
    """One connection. Every command passes `_guarded`, where faults are."""

    def __init__(self, server: SmtpServer) -> None:
        options = server.options
        super().__init__(
            Keeper(server, self),
            hostname="smtp.test",
            tls_context=None if options.at_once else options.tls,
            auth_require_tls=options.tls is not None and not options.at_once,
            auth_exclude_mechanism=[each for each in ("PLAIN", "LOGIN", "CRAM-MD5") if each not in options.mechanisms],
            authenticator=self._known,
            loop=asyncio.get_running_loop(),
        )
        self.local_part_limit = 64
        self.house = server
        self.number = 0
        for name, method in list(self._smtp_methods.items()):
            self._smtp_methods[name] = partial(self._guarded, name, method)

    async def _handle_client(self) -> None:
        self.house.connections += 1
        self.number = self.house.connections
        with suppress(asyncio.CancelledError, ConnectionError):
            if not await self.failed("greeting", ""):
                await super()._handle_client()

    async def _guarded(self, name: Any, method: Callable[[str | None], Awaitable[None]], said: str | None) -> None:  # noqa: ANN401
        self.house.commands.append(f"{name} {said or ''}".strip())
        if not await self.failed(name, said or ""):
            await method(said)

    async def failed(self, place: Place, said: str) -> bool:
        """Whether a fault has answered, or ended the connection (then nothing more is said on it)."""
        fault = self.house.faults.next(place, said)
        if fault is None:
            return False
        await asyncio.sleep(fault.seconds)
        if fault.how == "own":
            return False
        if fault.answer:
            await self.push(fault.answer)
            return True
        self.end(fault)
        raise asyncio.CancelledError

    def end(self, fault: Fault) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort() if fault.how == "reset" else self.transport.close()

    def _known(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:  # noqa: ANN401
        users = self.house.options.users
        known = isinstance(data, LoginPassword) and users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=known, handled=False, auth_data=data)


class Keeper:
    """aiosmtpd's hooks: what EHLO offers, CRAM-MD5, and the message's end."""

    def __init__(self, server: SmtpServer, line: Line) -> None:
        self._house = server
        self._line = line

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*answers[:-1], *(f"250-{each}" for each in self._house.options.offers), answers[-1]]

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._house.options.users and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def auth_CRAM__MD5(self, server: SMTP, _arguments: list[str]) -> AuthResult:  # noqa: N802
        challenge = f"<{secrets.token_hex(8)}@smtp.test>".encode()
        said = await server.challenge_auth(challenge)
        user, _, digest = said.decode().partition(" ") if isinstance(said, bytes) else ("", "", "")
        password = self._house.options.users.get(user, "")
        known = hmac.compare_digest(digest, hmac.new(password.encode(), challenge, "md5").hexdigest())
        return AuthResult(success=bool(password) and known, handled=False, auth_data=LoginPassword(user.encode(), b""))

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = " ".join(envelope.rcpt_tos)
        fault = self._house.faults.next("end", said)
        if fault is None or fault.taken or fault.how == "own":
            self._house.taken.append(self._taken(session, envelope))
        number = len(self._house.taken)
        if fault is None:
            return f"250 2.0.0 Ok: queued as {number:06d}"
        await asyncio.sleep(fault.seconds)
        if fault.how == "own":
            return f"250 2.0.0 Ok: queued as {number:06d}"
        if not fault.answer:
            self._line.end(fault)
            raise asyncio.CancelledError
        return fault.answer

    def _taken(self, session: Session, envelope: Envelope) -> Taken:
        content = envelope.content
        assert isinstance(content, bytes)  # noqa: S101  # decode_data is off
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
        return Taken(
            return_path=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            content=content,
            connection=self._line.number,
            encrypted=session.ssl is not None or self._house.options.at_once,
            user=user,
        )
