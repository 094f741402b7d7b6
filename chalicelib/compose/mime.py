"""A revision as a MIME message: literals encoded once per revision, values once per recipient."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.compose.header import address_header, header, literal_header
from chalicelib.compose.kept import Kept
from chalicelib.compose.letter import headers, joined, sender
from chalicelib.compose.quoted_printable import encoded_piece, encoded_value
from chalicelib.compose.revision import Envelope, Part, Revision

# Ready octets and slot numbers, in order.
Octets = tuple[bytes | int, ...]


def mime(revision: Revision, envelope: Envelope) -> bytes:
    """The whole message with CRLF line ends (RFC 5322, RFC 2045, RFC 2046), to be sent as it is.

    Date and Message-ID are the transport's (SES sets its own). No line is over 998 octets, none of a body over 76.
    """
    filled = envelope.values
    body, used = _body(revision)
    octets = {number: encoded_value(filled[number]) for number in used}
    pieces = [octets[each] if type(each) is int else each for each in body]
    return b"".join([*_head(revision, envelope), *pieces])  # type: ignore[list-item]  # only numbers were replaced


def _head(revision: Revision, envelope: Envelope) -> list[bytes]:
    filled = envelope.values
    head = [
        address_header("From", sender(revision, filled)),
        address_header("To", envelope.address),
        header("Subject", joined(revision.program.subject, filled)),
    ]
    if revision.reply_to:
        head.append(address_header("Reply-To", revision.reply_to))
    listed = headers(revision, envelope.token).items()
    return [*head, *(literal_header(name, text) for name, text in listed), b"MIME-Version: 1.0\r\n"]


@Kept
def _body(revision: Revision) -> tuple[Octets, tuple[int, ...]]:
    program = revision.program
    parts = [(kind, part) for kind, part in (("plain", program.text), ("html", program.html)) if part]
    octets = _single(*parts[0]) if len(parts) == 1 else _alternative(revision, parts)
    used = dict.fromkeys(each for each in octets if isinstance(each, int))
    return octets, tuple(used)


def _single(kind: str, part: Part) -> Octets:
    about = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return (about.encode("ascii"), *(encoded_piece(each) if isinstance(each, str) else each for each in part))


def _alternative(revision: Revision, parts: Sequence[tuple[str, Part]]) -> Octets:
    # "=_" can never stand in quoted-printable (RFC 2045 section 6.7): no body can hold the boundary
    boundary = f"=_{revision.email}_{revision.number}"
    opening = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
    octets: list[bytes | int] = [opening.encode("ascii")]
    for kind, part in parts:
        octets += [f"--{boundary}\r\n".encode("ascii"), *_single(kind, part), b"\r\n"]
    return (*octets, f"--{boundary}--\r\n".encode("ascii"))
