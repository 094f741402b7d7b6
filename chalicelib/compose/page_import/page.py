"""A page as somebody brings it: its text, the files that came with it, and what the page calls each of them."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin

from chalicelib.compose.archive import Skipped

MAX_FILES = 500
MAX_UNPACKED = 24 * 1024 * 1024
# Of the page and its style sheets together, in bytes. More cannot become an e-mail, even if long addresses get short.
MAX_SOURCE = 1024 * 1024
MAX_NAME = 2_000

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]++:", re.IGNORECASE)
# Addresses that work wherever the letter is read. `cid:`, `file:` and C: lead into what was to come along.
_ELSEWHERE = re.compile(r"(?!cid:|file:)[a-z][a-z0-9+.-]++:|//|#", re.IGNORECASE)
_TOKEN = re.compile(r"\{|%7B", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """`path` is the page's own: in a zip, or the address that it was saved from ("" where nothing tells). `files` are
    all others by path; `names` lead to them, whole addresses and `cid:` among them. `skipped` were left out in reading.
    """

    path: str
    text: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()

    def path_of(self, name: str, base: str) -> str | None:
        """The file that the page, or a style sheet at `base`, means by a name; None where it is none of them."""
        if not self.names or len(name) > MAX_NAME:
            return None
        # browsers save a page's own <style> as a sheet at cid:, with names as seen from the page
        base = self.path if base.startswith("cid:") else base
        return next((self.names[each] for each in _meant(name, base) if each in self.names), None)


def is_elsewhere(name: str) -> bool:
    """Whether it names no file that should have come along: an address in the web, a token, nothing at all."""
    return not name or _ELSEWHERE.match(name) is not None or _TOKEN.search(name) is not None


def _meant(name: str, base: str) -> Iterator[str]:
    """As it stands, without query and fragment, with its percent-encoding taken off; each from `base` too."""
    plain = unicodedata.normalize("NFC", name)
    short = plain.partition("#")[0].partition("?")[0]
    for each in dict.fromkeys((name, plain, short, unquote(plain), unquote(short))):
        yield each
        yield _joined(base, each)


def _joined(base: str, name: str) -> str:
    if _SCHEME.match(base):
        try:
            return urljoin(base, name)
        except ValueError:
            return name
    path = name.replace("\\", "/")
    return (
        path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    )
