"""An asset: a picture or a file of the team's, in the bucket; linked from letters or attached to them."""

from __future__ import annotations

from dataclasses import dataclass


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
    """The object's key in the bucket; as a part of a URL, percent-encode it."""
    return f"assets/{workspace}/{asset.id}/{asset.name}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An asset as a revision carries it."""

    asset: str
    name: str
    content_type: str
    size: int
