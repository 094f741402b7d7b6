"""Themes' files in the bucket: the zip under `themes/` (private), the pictures under `public/themes/`.

Both stand under their content's digest and are put again with the same bytes alone: nothing there ever changes, and
nothing is deleted, as letters that were begun from a theme show its pictures for as long as they are kept.
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from chalicelib.model.theme import public_place, zip_place
from chalicelib.store.connection import Connection
from chalicelib.store.files import ABSENT
from chalicelib.store.patience import code_of
from chalicelib.store.revisions import FOR_EVER

ZIP = "application/zip"


class ThemeFilesStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    def put(self, theme: str, content: str, body: bytes) -> None:
        self._connection.s3.put_object(**self._object(self._zip(theme, content)), Body=body, ContentType=ZIP)

    def read(self, theme: str, content: str) -> bytes | None:
        try:
            answer = self._connection.s3.get_object(**self._object(self._zip(theme, content)))
            body: bytes = answer["Body"].read()
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise
        return body

    def publish(self, place: str, body: bytes, content_type: str) -> None:
        self._connection.s3.put_object(
            **self._object(place), Body=body, ContentType=content_type, CacheControl=FOR_EVER
        )

    def place(self, theme: str, content: str, path: str) -> str:
        return public_place(self._workspace, theme, content, path)

    def _zip(self, theme: str, content: str) -> str:
        return zip_place(self._workspace, theme, content)

    def _object(self, place: str) -> dict[str, str]:
        return {"Bucket": self._connection.bucket, "Key": place}
