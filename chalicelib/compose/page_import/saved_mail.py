"""The page of a mail file: a browser's "web page, single file" (MHTML, RFC 2557), or a mail with pictures inside.

Heads are read by the standard library. Bodies are cut here: its parser takes the square of the time for boundaries in
boundaries, and gives bodies other line ends.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from chalicelib.compose.archive import Skipped
from chalicelib.compose.page_import.decoding import check_source, page_text
from chalicelib.compose.page_import.page import MAX_FILES, MAX_SOURCE, Page
from chalicelib.model.errors import Invalid, TooLarge

MAX_HEAD = 16 * 1024
MAX_VALUE = 2_000
# Its parameters cost the square of their length.
MAX_TYPE = 500
MAX_DEPTH = 5

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Part:
    """`location` and `identifier` are "" where its head has none."""

    kind: str
    charset: str
    location: str
    identifier: str
    body: bytes


def page_of_mail(body: bytes) -> Page:
    """The first HTML in it is the page. Raises Invalid, TooLarge."""
    parts = []
    for part in _parts(body, 0):
        parts.append(part)
        if len(parts) > MAX_FILES:
            raise TooLarge("The mail file has too many parts.", field="body", hint=f"At most {MAX_FILES} are taken.")
    root = next((each for each in parts if each.kind == "text/html"), None)
    if root is None:
        kinds = ", ".join(dict.fromkeys(each.kind for each in parts))
        raise Invalid("body", kinds, "It has no HTML in it: save the page as a single file (MHTML) again.")
    check_source(len(root.body), MAX_SOURCE)
    return _page(root, parts)


def _page(root: _Part, parts: list[_Part]) -> Page:
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    twice = []
    for number, part in enumerate(parts, 1):
        path = part.location or part.identifier or f"part {number}"
        if part is root:
            continue
        if path in files:
            twice.append(Skipped(path, "This location stands twice in the file: the first is taken."))
            continue
        files[path] = part.body
        for name in filter(None, (part.location, part.identifier)):
            names.setdefault(name, path)
    return Page(root.location, page_text(root.body, root.charset), files, names, tuple(twice))


def _parts(text: bytes, depth: int) -> Iterator[_Part]:
    """Those that hold something, from the first to the last."""
    head, body = _split(text)
    told = BytesHeaderParser().parsebytes(head)
    if len(_value(told, "Content-Type")) > MAX_TYPE:
        raise Invalid("body", _value(told, "Content-Type"), f"A Content-Type has at most {MAX_TYPE} characters.")
    boundary = told.get_boundary()
    if told.get_content_maintype() != "multipart" or not boundary:
        yield _part(told, body)
        return
    if depth == MAX_DEPTH:
        raise Invalid("body", boundary, f"Its parts are nested more than {MAX_DEPTH} deep: save the page again.")
    for inner in _cut(body, boundary.encode("utf-8", "surrogateescape")):
        yield from _parts(inner, depth + 1)


def _split(text: bytes) -> tuple[bytes, bytes]:
    if text[:2].lstrip(b"\r").startswith(b"\n"):
        return b"", text[text.index(b"\n") + 1 :]
    end = _HEAD_END.search(text, 0, MAX_HEAD)
    return (text[: end.start()], text[end.end() :]) if end else (text[:MAX_HEAD], b"")


def _cut(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between the boundaries, without the line end that belongs to them; the last may lack its end."""
    line = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*+(?=\r?\n|\Z)")
    begin = None
    for match in line.finditer(body):
        if begin is not None:
            yield _behind_line(body[begin : match.start()])
        begin = match.end()
        if match[1]:
            return
    if begin is not None:
        yield _behind_line(body[begin:])


def _behind_line(text: bytes) -> bytes:
    return text.removeprefix(b"\r\n") if text.startswith(b"\r") else text.removeprefix(b"\n")


def _part(told: Message, body: bytes) -> _Part:
    identifier = _value(told, "Content-ID").strip("<>")
    return _Part(
        told.get_content_type(),
        told.get_content_charset() or "",
        _BLANK.sub("", _value(told, "Content-Location")),
        f"cid:{identifier}" if identifier else "",
        _decoded(body, _value(told, "Content-Transfer-Encoding").lower(), told.get_content_type()),
    )


def _decoded(body: bytes, encoding: str, kind: str) -> bytes:
    """A picture that is damaged stays as it is, and is then named as none; a page that is damaged is refused."""
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            if kind == "text/html":
                raise Invalid("body", body[:40], "The page's base64 is damaged or cut off: save it again.") from None
            return body
    return body


def _value(told: Message, name: str) -> str:
    return str(told.get(name, "")).strip()[:MAX_VALUE]
