"""Which files are pictures that mail programs show, and what an asset of one is called."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from urllib.parse import unquote

from chalicelib.model.asset import BEGINS, MAX_NAME, TYPES

MAX_PICTURE = 10 * 1024 * 1024
MAX_STEM = MAX_NAME - len(".jpeg")
KINDS = ("png", "jpg", "gif", "webp")

_UNFIT = re.compile(r"[^\w .()+-]+")
_BEFORE = re.compile(r"^[\W_]+")


def kind_of(body: bytes) -> str:
    """What a picture is by its content, "" for what is none: saved pages call files as their addresses ended."""
    found = next((kind for kind in KINDS if body.startswith(BEGINS[TYPES[kind]])), "")
    return "" if found == "webp" and body[8:12] != b"WEBP" else found


def is_shown(body: bytes) -> bool:
    return bool(kind_of(body)) and len(body) <= MAX_PICTURE


def asset_name(path: str, body: bytes) -> str:
    """A name that assets may have, with the ending that the content has."""
    last = unicodedata.normalize(
        "NFC", unquote(path.removeprefix("cid:").partition("?")[0].partition("#")[0])
    ).rpartition("/")[2]
    stem, ending = posixpath.splitext(last)
    kind = kind_of(body)
    is_so = TYPES.get(ending[1:].lower()) == TYPES[kind]
    fit = _BEFORE.sub("", _UNFIT.sub("-", stem))[:MAX_STEM].rstrip() or "picture"
    return f"{fit}{ending if is_so else '.' + kind}"
