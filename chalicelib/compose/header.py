"""Header fields as they go on the wire: folded, in ASCII, with encoded words where needed (RFC 5322, RFC 2047)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

# "Reply-To: " and an encoded word of 39 octets (52 characters and its frame of 12) stay under 76.
_CHUNK = 39
_LINE = 76
MAX_FIELD = 995
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def header(name: str, text: str) -> bytes:
    """An unstructured field (Subject, List-Id) with its line end."""
    longest = max(map(len, text.split(" ")))
    if _PLAIN.fullmatch(text) and "=?" not in text and longest < _LINE - len(name) - 2:
        return _folded(name, text)
    return f"{name}: {_words(text)}\r\n".encode("ascii")


def literal_header(name: str, text: str) -> bytes:
    """A structured field that we made ourselves, in ASCII and short: never folded (URLs must not be)."""
    return f"{name}: {text}\r\n".encode("ascii")


def mailbox(name: str, address: str) -> str:
    """`Name <address>` (RFC 5322 section 3.4): atoms, quoted or encoded; without a name the address."""
    if not name:
        return address
    if _ATOMS.fullmatch(name) and "=?" not in name:
        return f"{name} <{address}>"
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{_words(name, ' ')} <{address}>"


def address_header(name: str, mailboxes: str) -> bytes:
    """Folded between words, but never in a quoted string."""
    return f"{name}: {mailboxes}\r\n".encode("ascii") if '"' in mailboxes else _folded(name, mailboxes)


def unstructured(text: str) -> str:
    """A field's text on one line in ASCII, as SES takes it; cut where it would be longer than SES's 995 characters."""
    written = text if _PLAIN.fullmatch(text) and "=?" not in text else _words(text, " ")
    return written if len(written) <= MAX_FIELD else unstructured(text[: len(text) * 3 // 4])


def _words(text: str, between: str = "\r\n ") -> str:
    return between.join(f"=?utf-8?b?{base64.b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[bytes]:
    """Octets of whole characters: an encoded word must not split one (RFC 2047 section 5)."""
    chunk = b""
    for character in text:
        octets = character.encode()
        if len(chunk) + len(octets) > _CHUNK:
            yield chunk
            chunk = b""
        chunk += octets
    yield chunk


def _folded(name: str, text: str) -> bytes:
    lines, line = [], f"{name}:"
    for word in text.split(" "):
        if len(line) + 1 + len(word) > _LINE and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return ("\r\n".join([*lines, line]) + "\r\n").encode("ascii")
