"""A mail from anybody, cut into its parts (RFC 5322, RFC 2045, RFC 2046). Never fails, and every step has its bound.

The standard library's parser is neither: nested boundaries cost it the square, and deep ones its stack.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What stands behind is not read: reports begin with what they report, the letter that they return comes last.
MAX_MAIL = 1024 * 1024
MAX_HEAD = 64 * 1024
MAX_FIELDS = 300
MAX_VALUE = 2_000
MAX_PARTS = 20
MAX_DEPTH = 4
MAX_BOUNDARY = 200

Fields = Mapping[str, tuple[str, ...]]

_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
_KIND = re.compile(r"\s*([A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60})")
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_BLANK = re.compile(rb"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Part:
    """`kind` is the media type in lower case; `body` is decoded, its line ends are those of Unix."""

    kind: str
    fields: Fields
    body: bytes

    @property
    def text(self) -> str:
        """As far as it can be read: reports are ASCII, or UTF-8 in our days."""
        return self.body.decode("utf-8", "replace")


def parts(mail: bytes) -> list[Part]:
    """The mail itself first, then its parts from the first to the last, those of parts behind their own."""
    found: list[Part] = []
    for part in _within(mail[:MAX_MAIL].replace(b"\r\n", b"\n"), 0):
        found.append(part)
        if len(found) == MAX_PARTS:
            break
    return found


def head_and_body(text: bytes) -> tuple[bytes, bytes]:
    if text.startswith(b"\n"):
        return b"", text[1:]
    head, _, body = text.partition(b"\n\n")
    return head[:MAX_HEAD], body


def fields(block: bytes) -> Fields:
    """Header fields, unfolded, by name in lower case. Lines that are none are passed over."""
    found: dict[str, list[str]] = {}
    for line in _unfolded(block):
        match = _FIELD.fullmatch(line)
        if match:
            found.setdefault(match[1].lower(), []).append(match[2].strip()[:MAX_VALUE])
    return {name: tuple(values) for name, values in found.items()}


def groups(block: bytes) -> list[Fields]:
    """Blocks of fields with blank lines between, as delivery reports have them."""
    return [fields(each) for each in _BLANK.split(block[:MAX_HEAD])[:MAX_PARTS] if each.strip()]


def first(found: Fields, name: str) -> str:
    return found.get(name, ("",))[0]


def _within(text: bytes, depth: int) -> Iterator[Part]:
    head, body = head_and_body(text)
    told = fields(head)
    typed = first(told, "content-type")
    kind = _KIND.match(typed)
    part = Part(kind[1].lower() if kind else "text/plain", told, _decoded(body, told))
    yield part
    boundary = _BOUNDARY.search(typed)
    if part.kind.startswith("multipart/") and boundary and depth < MAX_DEPTH:
        for inner in _cut(body, (boundary[1] or boundary[2]).encode("latin-1", "replace")):
            yield from _within(inner, depth + 1)


def _cut(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between the boundaries; the last part may lack its end."""
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", re.MULTILINE)
    begin = None
    for number, match in enumerate(line.finditer(body)):
        if begin is not None:
            yield body[begin : match.start()]
        begin = match.end() + 1
        if match[1] or number == MAX_PARTS:
            return
    if begin is not None:
        yield body[begin:]


def _unfolded(block: bytes) -> list[str]:
    lines: list[str] = []
    for line in block[:MAX_HEAD].decode("utf-8", "replace").split("\n"):
        if line[:1] in (" ", "\t") and lines:
            lines[-1] = f"{lines[-1][:MAX_VALUE]} {line.strip()}"
        elif len(lines) < MAX_FIELDS:
            lines.append(line)
    return lines


def _decoded(body: bytes, told: Fields) -> bytes:
    encoding = first(told, "content-transfer-encoding").lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body).replace(b"\r\n", b"\n")
        except binascii.Error:
            return body
    return body
