"""A bucket as a folder: objects of any size that no process holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DiskFiles:
    """What an import asks of `Files` (`work/ports/files.py`)."""

    folder: Path

    def put(self, name: str, body: bytes, content_type: str) -> None:
        self.write(name, (body,), content_type)

    def read(self, name: str, start: int, length: int) -> bytes:
        with (self.folder / name).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def size(self, name: str) -> int:
        return (self.folder / name).stat().st_size

    def write(self, name: str, parts: Iterable[bytes], content_type: str) -> int:  # noqa: ARG002  # a bucket keeps it
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            return sum(map(file.write, parts))
