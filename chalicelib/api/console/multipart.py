"""A form with a file in it, as browsers send one: multipart/form-data, RFC 7578."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

KIND = "multipart/form-data"
MOST_PARTS = 200
_BOUNDARY = re.compile(r'boundary="?([^";]{1,200})"?', re.IGNORECASE)
_NAME = re.compile(r'[; ]name="([^"]{0,200})"')
_FILE = re.compile(r'filename="([^"]{0,500})"')


@dataclass(frozen=True, slots=True)
class Parts:
    """Fields by name, and the files that were chosen: name of the field -> (name of the file, bytes)."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


def parts_of(content_type: str, body: bytes) -> Parts:
    """What cannot be read as such a form has no fields; a field without a chosen file is not there."""
    fields: dict[str, list[str]] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for head, content in _parts(content_type, body):
        name, file = _NAME.search(head), _FILE.search(head)
        if name is None:
            continue
        if file is None:
            fields.setdefault(name[1], []).append(content.decode("utf-8", "replace"))
        elif file[1]:
            files[name[1]] = (file[1], content)
    return Parts(fields, files)


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    found = _BOUNDARY.search(content_type)
    if found is None:
        return
    line = b"--" + found[1].encode("utf-8", "replace")
    for part in (b"\r\n" + body).split(b"\r\n" + line)[1 : MOST_PARTS + 1]:
        if part.startswith(b"--"):
            return
        head, between, content = part.partition(b"\r\n\r\n")
        if between:
            yield head.decode("utf-8", "replace"), content
