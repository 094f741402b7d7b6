"""A letter as it goes to an SMTP server: with its Date, its Message-ID and the return path that leads back to it.

Seven bits, CRLF, dots stuffed (RFC 5321 section 4.5.2). SMTPUTF8 is never used: an address
beyond ASCII is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr

from chalicelib.compose.letter import sender
from chalicelib.compose.mime import mime
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.token import Returned, Signer
from chalicelib.transports.smtp_session import END, Post

RETURN = "bounces+"
# What may stand between < and > of a command: one line, one address, ASCII.
_ADDRESS = re.compile(r"[!-;=?-~]{1,64}@[!-;=?A-~]{1,255}")
_LINE_END = re.compile(rb"\r?\n|\r")


@dataclass(frozen=True, slots=True)
class Writing:
    """What all letters of a call share: `attached` holds the contents of the attachments, `at` is epoch seconds."""

    signer: Signer
    return_domain: str
    at: float
    attached: Sequence[bytes] = ()


def post(revision: Revision, envelope: Envelope, writing: Writing) -> Post:
    """ValueError for an address that cannot be written to an SMTP server."""
    from_address = parseaddr(sender(revision, envelope.values))[1]
    for address in (envelope.address, from_address, *revision.bcc):
        if not _ADDRESS.fullmatch(address):
            raise ValueError(f"SMTP cannot carry the address {address[:100]!r}: it takes ASCII alone.")
    email = "" if envelope.message.sending else revision.email
    token = writing.signer.return_token(Returned(envelope.message, email))
    domain = writing.return_domain or from_address.rpartition("@")[2]
    head = (
        f"Date: {format_datetime(datetime.fromtimestamp(writing.at, UTC))}\r\n"
        f"Message-ID: <{token}.{envelope.attempt}@{domain}>\r\n"
    )
    return_path = f"{RETURN}{token}@{domain}" if writing.return_domain else from_address
    octets = head.encode("ascii") + mime(revision, envelope, writing.attached)
    return Post(return_path, envelope.address, wired(octets), revision.bcc)


def wired(message: bytes) -> bytes:
    """The octets behind DATA: every line ends with CRLF, lines that begin with a dot begin with two, the last is a dot
    alone. A lone CR or LF, by which some servers could be told another message, becomes a line end.
    """
    if message.count(b"\r\n") != message.count(b"\n") or message.count(b"\r\n") != message.count(b"\r"):
        message = _LINE_END.sub(b"\r\n", message)
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed.startswith(b".") else b"") + stuffed + END
