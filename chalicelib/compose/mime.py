"""A revision as a MIME message: literals encoded once per revision, values once per recipient."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from chalicelib.compose.header import address_header, header, literal_header
from chalicelib.compose.kept import Kept
from chalicelib.compose.letter import answers_to, joined, list_headers, own_headers, sender
from chalicelib.compose.quoted_printable import encoded_piece, encoded_value
from chalicelib.compose.revision import Envelope, Part, Revision
from chalicelib.model.asset import Attachment

# Ready octets and slot numbers, in order.
Octets = tuple[bytes | int, ...]


def mime(revision: Revision, envelope: Envelope, attached: Sequence[bytes] = ()) -> bytes:
    """The whole message with CRLF line ends (RFC 5322, RFC 2045, RFC 2046), to be sent as it is.

    `attached` are the contents of the revision's attachments, in their order. Date and Message-ID are the transport's
    (SES sets its own). No line is over 998 octets, none of a body over 76.
    """
    filled = envelope.values
    body, used = _body(revision)
    octets = {number: encoded_value(filled[number]) for number in used}
    pieces = [octets[each] if type(each) is int else each for each in body]
    whole = [*_head(revision, envelope), *_mixed(revision, pieces, attached)]  # type: ignore[arg-type]  # octets alone
    return b"".join(whole)


def _head(revision: Revision, envelope: Envelope) -> list[bytes]:
    filled = envelope.values
    head = [
        address_header("From", sender(revision, filled)),
        address_header("To", envelope.address),
        header("Subject", joined(revision.program.subject, filled)),
    ]
    if reply_to := answers_to(revision, filled):
        head.append(address_header("Reply-To", reply_to))
    head += [header(name, text) for name, text in own_headers(revision, filled)]
    listed = list_headers(revision, envelope.token).items()
    return [*head, *(literal_header(name, text) for name, text in listed), b"MIME-Version: 1.0\r\n"]


def _mixed(revision: Revision, pieces: Sequence[bytes], attached: Sequence[bytes]) -> Iterator[bytes]:
    """The letter and, behind it, what is attached (RFC 2046 section 5.1.3); the letter alone where nothing is."""
    if not attached:
        yield from pieces
        return
    boundary = f"=_{revision.email}_{revision.number}_mixed"
    yield f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode("ascii")
    yield from pieces
    for attachment, body in zip(revision.attachments, attached, strict=True):
        yield f"\r\n--{boundary}\r\n".encode("ascii")
        yield _attachment_head(attachment)
        yield encodebytes(body).replace(b"\n", b"\r\n")
    yield f"--{boundary}--\r\n".encode("ascii")


def _attachment_head(attachment: Attachment) -> bytes:
    """The name in RFC 2231's form, which says its character set."""
    name = quote(attachment.name, safe="")
    return (
        f"Content-Type: {attachment.content_type}\r\n"
        f"Content-Disposition: attachment;\r\n filename*=utf-8''{name}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode("ascii")


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
