"""Quoted-printable pieces (RFC 2045 section 6.7) that can be put one behind the other.

A piece that does not end a line ends with a soft break, so each is encoded by itself: literals once per revision,
values once per recipient, and no line is over 76 characters wherever they meet.
"""

from __future__ import annotations

import re
from binascii import b2a_qp

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
    return encoded + b"=\r\n" if lines[-1] else encoded


def _line(line: str) -> bytes:
    return b2a_qp(line.encode(), istext=False).replace(b"=\n", b"=\r\n")
