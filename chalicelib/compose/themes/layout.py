"""Mautic's layout of a theme: which files may be in it, and what their names mean.

https://docs.mautic.org/en/latest/builders/creating_themes.html. Mautic takes json, twig, css, js, htm, html, txt, jpg,
jpeg, png and gif and silently leaves out all else; here it is named. `.mjml` is taken as well: it is the source of an
e-mail. `.svg` is not: Gmail and Outlook do not show it, and it can carry scripts that would run under the bucket's
address.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from chalicelib.model.theme import THUMBNAILS, Format

CONFIG = "config.json"
# What an e-mail begins with, the first that is there.
ENTRIES = (
    *("html/email.mjml.twig", "email.mjml.twig", "html/email.html.twig"),
    *("html/email.mjml", "email.mjml", "html/email.html", "html/email.htm"),
)
TEXTS = frozenset({"json", "twig", "css", "js", "htm", "html", "txt", "mjml"})
# Whose content may be read by anybody: kind and MIME type, and how such a file begins.
PICTURES: Mapping[str, str] = MappingProxyType(
    {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
)
MAGIC: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {
        "png": (b"\x89PNG\r\n\x1a\n",),
        "jpg": (b"\xff\xd8\xff",),
        "jpeg": (b"\xff\xd8\xff",),
        "gif": (b"GIF87a", b"GIF89a"),
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "svg": "Gmail and Outlook show no SVG, and it can hold scripts: save it as .png.",
        "webp": "Outlook shows no WebP: save it as .png or .jpg.",
        "php": "Nothing runs PHP here: write the template as .html.twig.",
        "zip": "A zip inside a zip is not opened: put its files in themselves.",
    }
)
_THEME = re.compile(r"(?:@themes|themes)/[^/]+/")
_UNWANTED: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda path: path.startswith("__MACOSX/"), "It is macOS's own note, no part of the theme."),
    (lambda path: path.rpartition("/")[2].startswith("."), "It is a hidden file."),
)


def kind_of(path: str) -> str:
    """The name's last ending, in small letters."""
    return posixpath.splitext(path.partition("?")[0])[1][1:].lower()


def within(path: str, theme: str) -> str:
    """The path inside the theme of what a template names: `@themes/NAME/html/base.html.twig`, `./img/a.png?v=2`."""
    path = _THEME.sub("", path.strip().partition("?")[0].lstrip("/"), count=1)
    return posixpath.normpath(path.removeprefix(f"@{theme}/"))


def why_skipped(path: str, body: bytes) -> str | None:
    """Why a file is left out; None for one that is taken."""
    for unwanted, reason in _UNWANTED:
        if unwanted(path):
            return reason
    kind = kind_of(path)
    if kind in MAGIC:
        return None if body.startswith(MAGIC[kind]) else f"It is called .{kind}, and is something else inside."
    if kind in TEXTS:
        return None
    taken = ", ".join(sorted(TEXTS | PICTURES.keys()))
    return REASONS.get(kind, f"A theme holds {taken} alone.")


def entry_of(files: Mapping[str, object]) -> str | None:
    return next((each for each in ENTRIES if each in files), None)


def is_public(path: str) -> bool:
    """Pictures that letters show; the preview picture is the team's own."""
    return kind_of(path) in PICTURES and path not in THUMBNAILS


def format_of(source: str) -> Format:
    """Mautic's own themes have MJML in files called email.html.twig: what stands in it decides."""
    return "mjml" if "<mjml" in source.lower() else "html"
