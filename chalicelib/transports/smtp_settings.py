"""Where and how mail is handed to an SMTP server."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from chalicelib.model.errors import Invalid
from chalicelib.model.message_size import LARGEST

# starttls: encrypted after a greeting in the clear (ports 587, 25); tls: from the first octet (port 465, RFC 8314);
# plain: never encrypted, password included. Nothing falls back to plain by itself.
Security = Literal["starttls", "tls", "plain"]

MAX_PORT = 65_535
# What every server takes (RFC 5321, section 4.5.3.1.7).
MIN_LARGEST = 64_000
MAX_USER = 255
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{1,63})*")
_ADDRESS = re.compile(r"[0-9a-fA-F:.]{2,45}")


def _no_password() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """`password` is asked for whenever a connection logs in (`Secrets.read` behind it), and shown nowhere.

    `return_domain` is where bounces come back to (`bounces+<token>@` it); without one they go to the From address.
    `per_second` and `per_day` (-1: no limit) are what the server's operator allows: SMTP cannot be asked.
    `largest` is the most bytes of a message, as the server's SIZE says (RFC 1870).
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    user: str = ""
    password: Callable[[], str] = field(default=_no_password, repr=False, compare=False)
    return_domain: str = ""
    per_second: float = 10.0
    per_day: float = -1.0
    largest: int = LARGEST["smtp"]

    def __post_init__(self) -> None:
        """Invalid for what no server can have; the password is not looked at."""
        if not (_HOST.fullmatch(self.host) or _ADDRESS.fullmatch(self.host)):
            raise Invalid("host", self.host, "Give the server's host name or IP address, such as smtp.example.com.")
        if not 1 <= self.port <= MAX_PORT:
            raise Invalid("port", self.port, f"Give a number from 1 to {MAX_PORT}; 587 or 465 is usual.")
        if self.security not in get_args(Security):
            raise Invalid("security", self.security, f"Give one of {', '.join(get_args(Security))}.")
        if len(self.user) > MAX_USER or not self.user.isprintable():
            raise Invalid("user", self.user, f"Give at most {MAX_USER} printable characters.")
        if self.return_domain and not _HOST.fullmatch(self.return_domain):
            raise Invalid("return_domain", self.return_domain, "Give a domain such as bounces.example.com, or nothing.")
        if not self.per_second > 0:
            raise Invalid("per_second", self.per_second, "Give the messages a second that the server takes.")
        if not self.largest >= MIN_LARGEST:
            raise Invalid("largest", self.largest, "Give the bytes after SIZE in the server's answer to EHLO.")
