"""An asset: a picture or a file of the team's, in the bucket; linked from letters or attached to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MAX_NAME = 120
MAX_SIZE = 10 * 1024 * 1024
# One request carries this much: Lambda takes 6 MB, in base64.
MAX_BODY = 4 * 1024 * 1024

# What mail programs open, and nothing that runs: no HTML, no SVG (scripts), no macros, no programs.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "webp": "image/webp",
        "pdf": "application/pdf",
        "txt": "text/plain",
        "csv": "text/csv",
        "ics": "text/calendar",
        "vcf": "text/vcard",
        "zip": "application/zip",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "mp3": "audio/mpeg",
        "mp4": "video/mp4",
    }
)
# How the content of each begins: a name that says something else is refused.
BEGINS: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        "image/png": (b"\x89PNG\r\n\x1a\n",),
        "image/jpeg": (b"\xff\xd8\xff",),
        "image/gif": (b"GIF87a", b"GIF89a"),
        "image/webp": (b"RIFF",),
        "application/pdf": (b"%PDF-",),
        "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
        **{TYPES[ending]: (b"PK\x03\x04",) for ending in ("docx", "xlsx", "pptx", "odt", "ods")},
        "audio/mpeg": (b"ID3", *(bytes((0xFF, second)) for second in range(0xE0, 0x100))),
    }
)
# And what stands behind the beginning, from this octet on.
BEHIND: Mapping[str, tuple[int, bytes]] = MappingProxyType({"image/webp": (8, b"WEBP"), "video/mp4": (4, b"ftyp")})
# How texts begin, whatever the case, behind a byte order mark and blanks.
OPENS: Mapping[str, bytes] = MappingProxyType({"text/calendar": b"begin:vcalendar", "text/vcard": b"begin:vcard"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Letters, digits and what is harmless in a URL, a header and a file system.
NAME = re.compile(r"[^\W_][\w .()+-]*\.[A-Za-z0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class Asset:
    """`name` is the file's, as recipients see it; `content_type` a MIME type; `size` in bytes. `public` ones are read
    by anybody who has the address. `digest` is the SHA-256 of the content (hex): the same file twice is one asset.
    """

    id: str
    name: str
    content_type: str
    size: int
    digest: str
    public: bool = True
    version: int = 1
    created_at: int = 0
    updated_at: int = 0


def place_of(workspace: str, asset: Asset) -> str:
    """The object's key in the bucket; as a part of a URL, percent-encode it. What begins with `public/` is read by
    anybody.
    """
    return _place(workspace, asset.id, asset.name, public=asset.public)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An asset as a revision carries it."""

    asset: str
    name: str
    content_type: str
    size: int
    public: bool = True


def place_of_attached(workspace: str, attachment: Attachment) -> str:
    return _place(workspace, attachment.asset, attachment.name, public=attachment.public)


def _place(workspace: str, asset_id: str, name: str, *, public: bool) -> str:
    return f"{'public/' if public else ''}assets/{workspace}/{asset_id}/{name}"


def is_what_it_says(content_type: str, body: bytes) -> bool:
    """Whether a content is of the kind that its name says, as far as its beginning tells; of a text, that it is one."""
    begins, (at, mark) = BEGINS.get(content_type), BEHIND.get(content_type, (0, b""))
    if (begins and not body.startswith(begins)) or not body.startswith(mark, at):
        return False
    if not content_type.startswith("text/") or body.startswith(_UTF16):
        return True
    head = body[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return b"\x00" not in body and head.startswith(OPENS.get(content_type, b""))
