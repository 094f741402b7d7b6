"""A theme: what an e-mail begins as. It is rendered once, and its result is what the team edits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Format = Literal["html", "mjml"]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
MAX_TITLE = 120
# Lambda takes a request of 6 MB, in base64: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ZIP = 4 * 1024 * 1024
# The preview picture, as Mautic calls it; the first that is there.
THUMBNAILS = ("thumbnail.png", "thumbnail_email.png")


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """`public` files are read by anybody, from mail programs above all; `size` in bytes."""

    path: str
    size: int
    public: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """`id` is its name in addresses (NAME), `title` the one that people read. `entry` is the file that an e-mail
    begins with. `values` are what it takes, each with its default as JSON. `content` is the SHA-256 (hex) of its
    zip: files never change under one digest. Epoch milliseconds.
    """

    id: str
    title: str
    entry: str
    format: Format
    content: str
    files: tuple[ThemeFile, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    author_url: str = ""
    builders: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    built_in: bool = False
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def has_preview(self) -> bool:
        return any(each.path in THUMBNAILS for each in self.files)


def public_place(workspace: str, theme: str, content: str, path: str) -> str:
    """The key in the bucket of a picture; as a part of a URL, percent-encode it. Letters that were begun from a theme
    name these for ever: they stay when the theme changes or goes.
    """
    return f"public/themes/{workspace}/{theme}/{content[:32]}/{path}"


def zip_place(workspace: str, theme: str, content: str) -> str:
    return f"themes/{workspace}/{theme}/{content}.zip"
