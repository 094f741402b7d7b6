"""Files to import: objects under `uploads/<workspace>/` in the bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from botocore.exceptions import ClientError

from chalicelib.model.errors import NotFound
from chalicelib.store.connection import Connection
from chalicelib.store.patience import code_of

# S3 takes 10,000 parts of at least 5 MiB, the last excepted.
BLOCK = 8 * 1024 * 1024
NO_UPLOAD = "NoSuchUpload"
ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class FilesStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._folder = f"uploads/{workspace}/"

    def names(self, after: str, limit: int) -> list[str]:
        answer = self._connection.s3.list_objects_v2(
            Bucket=self._connection.bucket, Prefix=self._folder, StartAfter=self._folder + after, MaxKeys=limit
        )
        return [each["Key"].removeprefix(self._folder) for each in answer.get("Contents", ())]

    def delete(self, name: str) -> None:
        self._connection.s3.delete_object(**self._object(name))

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

    def begin(self, name: str, content_type: str) -> str:
        answer = self._connection.s3.create_multipart_upload(**self._object(name), ContentType=content_type)
        return str(answer["UploadId"])

    def put_part(self, name: str, upload: str, number: int, body: bytes) -> str | None:
        try:
            answer = self._connection.s3.upload_part(
                **self._object(name), UploadId=upload, PartNumber=number, Body=body
            )
        except ClientError as error:
            if code_of(error) == NO_UPLOAD:
                return None
            raise
        return str(answer["ETag"])

    def complete(self, name: str, upload: str, etags: Sequence[str]) -> bool:
        parts = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, 1)]
        try:
            self._connection.s3.complete_multipart_upload(
                **self._object(name), UploadId=upload, MultipartUpload={"Parts": parts}
            )
        except ClientError as error:
            if code_of(error) == NO_UPLOAD:
                return self.size(name) is not None
            if code_of(error) == "InvalidPart":
                return False
            raise
        return True

    def give_up(self, name: str, upload: str) -> None:
        try:
            self._connection.s3.abort_multipart_upload(**self._object(name), UploadId=upload)
        except ClientError as error:
            if code_of(error) != NO_UPLOAD:
                raise

    def upload_url(self, name: str, seconds: int) -> str:
        url = self._connection.s3.generate_presigned_url("put_object", Params=self._object(name), ExpiresIn=seconds)
        return str(url)

    def write(self, name: str, parts: Iterable[bytes], content_type: str) -> int:
        """One request where it is small, else a multipart upload, which is given up where anything fails."""
        blocks = _blocks(parts)
        first, second = next(blocks, b""), next(blocks, None)
        if second is None:
            self.put(name, first, content_type)
            return len(first)
        s3, where = self._connection.s3, self._object(name)
        upload = {"UploadId": s3.create_multipart_upload(**where, ContentType=content_type)["UploadId"]}
        try:
            done, size = [], 0
            for number, block in enumerate(chain((first, second), blocks), 1):
                part = s3.upload_part(**where, **upload, PartNumber=number, Body=block)
                done.append({"PartNumber": number, "ETag": part["ETag"]})
                size += len(block)
            s3.complete_multipart_upload(**where, **upload, MultipartUpload={"Parts": done})
        except BaseException:
            s3.abort_multipart_upload(**where, **upload)
            raise
        return size

    def download_url(self, name: str, seconds: int, shown_as: str) -> str:
        saved = {"ResponseContentDisposition": f'attachment; filename="{shown_as}"'}
        url = self._connection.s3.generate_presigned_url(
            "get_object", Params=self._object(name) | saved, ExpiresIn=seconds
        )
        return str(url)

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self._connection.bucket, "Key": self._folder + name}


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for part in parts:
        block += part
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
