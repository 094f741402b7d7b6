"""Quoted-printable pieces (RFC 2045 section 6.7) that can be put one behind the other.

A piece that does not end a line ends with a soft break, so each is encoded by itself: literals once per revision,
values once per recipient, and no line is over 76 characters wherever they meet.
"""

from __future__ import annotations

import re
from binascii import b2a_qp

_LINE = 76
_SAFE = re.compile(r"[!-<>-~](?:[ -<>-~]{0,73}[!-<>-~])?")


def encoded_value(text: str) -> bytes:
    """As `encoded_piece`, quick for short plain values. "." alone on a line is SMTP's: it goes the long way."""
    if text != "." and _SAFE.fullmatch(text):
        return text.encode("ascii") + b"=\r\n"
    return encoded_piece(text)


def encoded_piece(text: str) -> bytes:
    """Line ends become CRLF, as mail has them; a lone CR stays one, encoded."""
    if not text:
        return b""
    lines = text.replace("\r\n", "\n").split("\n")
    encoded = b"\r\n".join(_line(line) for line in lines)
    return _softened(encoded) if lines[-1] else encoded


def _softened(encoded: bytes) -> bytes:
    """With a soft break at its end: where that is one character too many, a break before it, not in an escape."""
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start < _LINE:
        return encoded + b"=\r\n"
    escape = encoded.find(b"=", start + 70, start + 72)
    cut = escape if escape >= 0 else start + 72
    return encoded[:cut] + b"=\r\n" + encoded[cut:] + b"=\r\n"


def _line(line: str) -> bytes:
    return b2a_qp(line.encode(), istext=False).replace(b"=\n", b"=\r\n")
