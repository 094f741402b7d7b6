"""The console's style sheets and scripts: where they lie in the bucket, under names that their content makes.

A name never means another content, so browsers keep it for ever; what a page asks for is what was deployed with it.
They lie there compressed: a bucket sends what it has.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "static"
PLACE = "public/console"
TYPES: Mapping[str, str] = MappingProxyType(
    {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
)
FOR_EVER = "public, max-age=31536000, immutable"
DIGITS = 16


@dataclass(frozen=True, slots=True)
class Deployed:
    """An object of the bucket, to be put with Content-Encoding gzip and Cache-Control FOR_EVER."""

    place: str
    body: bytes
    content_type: str


@cache
def place(name: str) -> str:
    """The key in the bucket of `console.css`, `vendor/htmx.min.js`..."""
    path = FOLDER / name
    digest = sha256(path.read_bytes()).hexdigest()[:DIGITS]
    return f"{PLACE}/{path.stem}.{digest}{path.suffix}"


def deployed() -> Iterator[Deployed]:
    """All of them, as they are put into the bucket."""
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in TYPES:
            body = gzip.compress(path.read_bytes(), 9, mtime=0)
            yield Deployed(place(str(path.relative_to(FOLDER))), body, TYPES[path.suffix])
