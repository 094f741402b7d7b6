"""Revisions: objects in the bucket that never change. The link table is public, the rest is not."""

from __future__ import annotations

from functools import lru_cache

from botocore.exceptions import ClientError

from chalicelib.compose.encoding import decoded, encoded, encoded_links
from chalicelib.compose.revision import Revision
from chalicelib.model.errors import Conflict
from chalicelib.store.connection import Connection
from chalicelib.store.files import ABSENT
from chalicelib.store.link_place import link_place
from chalicelib.store.patience import code_of

KEPT = 32
JSON = "application/json"
FOR_EVER = "public, max-age=31536000, immutable"
# Somebody else's put of the same object won, or is on its way.
THERE = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})


class RevisionsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._kept = lru_cache(KEPT)(self._read)

    def put(self, revision: Revision) -> None:
        self._put(link_place(self._workspace, revision.email, revision.number), encoded_links(revision), revision)
        self._put(self._place(revision.email, revision.number), encoded(revision), revision)

    def read(self, email_id: str, number: int) -> Revision | None:
        """One object for one revision, however often it is read: what is worked out for it is kept by identity."""
        try:
            return self._kept(email_id, number)
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise

    def _read(self, email_id: str, number: int) -> Revision:
        return decoded(self._bytes(self._place(email_id, number)))

    def _put(self, place: str, body: bytes, revision: Revision) -> None:
        """Put if absent; the same bytes are no conflict."""
        target = {"Bucket": self._connection.bucket, "Key": place}
        try:
            self._connection.s3.put_object(
                **target, Body=body, ContentType=JSON, CacheControl=FOR_EVER, IfNoneMatch="*"
            )
        except ClientError as error:
            if code_of(error) not in THERE:
                raise
            if self._bytes(place) != body:
                raise Conflict(
                    f"Revision {revision.number} of {revision.email} has other content.", field="number"
                ) from error

    def _bytes(self, place: str) -> bytes:
        answer = self._connection.s3.get_object(Bucket=self._connection.bucket, Key=place)
        body: bytes = answer["Body"].read()
        return body

    def _place(self, email_id: str, number: int) -> str:
        return f"revisions/{self._workspace}/{email_id}/{number}"
