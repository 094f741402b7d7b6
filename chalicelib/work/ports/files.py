"""What keeps objects in the bucket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from chalicelib.model.asset import Asset


class Files(Protocol):
    """Objects in the bucket: uploads to import."""

    def put(self, name: str, body: bytes, content_type: str) -> None: ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes start .. start+length of the object; fewer at its end. NotFound where there is none."""
        ...

    def size(self, name: str) -> int | None: ...

    def names(self, after: str, limit: int) -> list[str]:
        """The next objects behind a name ("" for the first), in the order of their names."""
        ...

    def delete(self, name: str) -> None:
        """Nothing where there is none."""
        ...

    def write(self, name: str, parts: Iterable[bytes], content_type: str) -> int:
        """An object of any size, part by part; its size. It is there when all of it is, or not at all."""
        ...

    def begin(self, name: str, content_type: str) -> str:
        """An upload in parts: its id. One that is never completed is forgotten after a day."""
        ...

    def put_part(self, name: str, upload: str, number: int, body: bytes) -> str | None:
        """Part `number` (from 1) of at least 5 MiB, the last excepted; its ETag. Put again it takes the place of the
        first. None where there is no such upload any more.
        """
        ...

    def complete(self, name: str, upload: str, etags: Sequence[str]) -> bool:
        """The object of these parts, all or nothing; True also where it is there by an earlier try. False where the
        upload is gone, or a part is another.
        """
        ...

    def give_up(self, name: str, upload: str) -> None:
        """The upload goes with its parts: no more can be put, nor put together. Nothing where there is none."""
        ...

    def upload_url(self, name: str, seconds: int) -> str:
        """Where a client may PUT this object."""
        ...

    def download_url(self, name: str, seconds: int, shown_as: str) -> str:
        """Where a client may GET this object, to be saved under that name."""
        ...


class AssetFiles(Protocol):
    """What assets hold."""

    def put(self, asset: Asset, body: bytes) -> None: ...
    def read(self, asset: Asset) -> bytes | None: ...
    def delete(self, asset: Asset) -> None: ...
