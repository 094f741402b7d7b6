"""Files to import: objects under `uploads/<workspace>/` in the bucket."""

from __future__ import annotations

from botocore.exceptions import ClientError

from chalicelib.model.errors import NotFound
from chalicelib.store.connection import Connection
from chalicelib.store.patience import code_of

ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class FilesStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._folder = f"uploads/{workspace}/"

    def put(self, name: str, body: bytes, content_type: str) -> None:
        self._connection.s3.put_object(**self._object(name), Body=body, ContentType=content_type)

    def read(self, name: str, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        try:
            answer = self._connection.s3.get_object(**self._object(name), Range=f"bytes={start}-{start + length - 1}")
            body: bytes = answer["Body"].read()
        except ClientError as error:
            if code_of(error) in ABSENT:
                raise NotFound(f"There is no file {name!r}.", field="file") from error
            if code_of(error) == "InvalidRange":
                return b""
            raise
        return body

    def size(self, name: str) -> int | None:
        try:
            return int(self._connection.s3.head_object(**self._object(name))["ContentLength"])
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise

    def upload_url(self, name: str, seconds: int) -> str:
        url = self._connection.s3.generate_presigned_url("put_object", Params=self._object(name), ExpiresIn=seconds)
        return str(url)

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self._connection.bucket, "Key": self._folder + name}
