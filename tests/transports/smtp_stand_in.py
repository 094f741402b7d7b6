"""Any SMTP server for the contract: aiosmtpd with STARTTLS, a certificate of its own and a login."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import trustme

from chalicelib.model.token import Signer
from chalicelib.transports.smtp import SmtpTransport
from chalicelib.transports.smtp_settings import SmtpSettings
from local.smtp_server import Fault, Options, SmtpServer
from tests.transports.arrived import Arrived

SIGNER = Signer("main", {1: b"a signing key of thirty-two bytes"}, b"a hash key of thirty-two bytes..")
USER, PASSWORD = "envoi", "correct horse battery staple"
SPOKEN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
RETURN_DOMAIN = "bounces.example.com"


@cache
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(*names: str) -> ssl.SSLContext:
    """A server's, good for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*names).configure_cert(context)
    return context


def trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


def settings(port: int, **changes) -> SmtpSettings:
    given = {"host": "127.0.0.1", "security": "plain", "return_domain": RETURN_DOMAIN, "password": lambda: PASSWORD}
    return SmtpSettings(port=port, **(given | changes))


class SmtpStandIn:
    secrets = (PASSWORD, SPOKEN, base64.b64encode(PASSWORD.encode()).decode())

    def __init__(self, server: SmtpServer, timeout_ms: int):
        self._server = server
        self._timeout_ms = timeout_ms
        self.transport = self._at(server.port)

    def arrived(self):
        return [Arrived.mime(each.recipients[0], each.content) for each in self._server.taken]

    def trouble(self, what, at=0):
        faults = {
            "refused": Fault("RCPT", "550 5.1.1 <...>: User unknown", address=f"<ann{at}@example.org>"),
            "throttled": Fault("MAIL", "450 4.7.1 Error: too much mail from 127.0.0.1"),
            "lost": Fault("end", taken=True),
            "halted": Fault("AUTH", f"535 5.7.8 Error: authentication failed: {SPOKEN} {PASSWORD}"),
            "slow": Fault("end", seconds=3 * self._timeout_ms / 1_000, how="own"),
        }
        self._server.faults.add(faults[what])

    def unreachable(self):
        return self._at(1)

    def _at(self, port: int) -> SmtpTransport:
        given = settings(port, security="starttls", user=USER)
        return SmtpTransport(given, SIGNER, self._timeout_ms, trust=trust())


@contextmanager
def smtp_server(timeout_ms: int) -> Iterator[SmtpStandIn]:
    with SmtpServer(Options(tls=certificate("127.0.0.1"), users={USER: PASSWORD})) as server:
        stand_in = SmtpStandIn(server, timeout_ms)
        yield stand_in
        stand_in.transport.close()
