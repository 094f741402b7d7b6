"""The themes that come with Envoi: their files lie beside this one, those that all of them share in `shared/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent
SHARED = "shared"
# In the order in which they are listed.
NAMES = ("newsletter", "announcement", "welcome", "event", "update", "sale", "receipt", "letter", "stories", "hello")


@cache
def files_of(name: str) -> Mapping[str, bytes]:
    """A built-in theme's files by path, whole as an uploaded one's. They never change while a process lives."""
    return MappingProxyType(_read(FOLDER / SHARED) | _read(FOLDER / name))


def _read(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
