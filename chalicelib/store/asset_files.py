"""Assets' contents in the bucket: `public/assets/` for anybody, `assets/` for letters alone."""

from __future__ import annotations

from botocore.exceptions import ClientError

from chalicelib.model.asset import Asset, Attachment, place_of, place_of_attached
from chalicelib.store.connection import Connection
from chalicelib.store.files import ABSENT
from chalicelib.store.patience import code_of
from chalicelib.store.revisions import FOR_EVER


class AssetFilesStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    def put(self, asset: Asset, body: bytes) -> None:
        """What is no picture is offered to be saved, never shown in the bucket's name."""
        shown = "inline" if asset.content_type.startswith("image/") else "attachment"
        self._connection.s3.put_object(
            **self._object(asset),
            Body=body,
            ContentType=asset.content_type,
            ContentDisposition=shown,
            CacheControl=FOR_EVER,
        )

    def read(self, asset: Asset) -> bytes | None:
        return self._read(place_of(self._workspace, asset))

    def content(self, attachment: Attachment) -> bytes | None:
        """What a letter carries; None where it was deleted."""
        return self._read(place_of_attached(self._workspace, attachment))

    def delete(self, asset: Asset) -> None:
        self._connection.s3.delete_object(**self._object(asset))

    def _read(self, place: str) -> bytes | None:
        target = {"Bucket": self._connection.bucket, "Key": place}
        try:
            body: bytes = self._connection.s3.get_object(**target)["Body"].read()
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise
        return body

    def _object(self, asset: Asset) -> dict[str, str]:
        return {"Bucket": self._connection.bucket, "Key": place_of(self._workspace, asset)}
