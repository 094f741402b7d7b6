"""Mail that SES received for us and put into S3.

The queue brings either SES's notice of its S3 action (with the envelope's recipients) or S3's own of the new object.
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.model.fact import Event
from chalicelib.model.token import Signer
from chalicelib.transports.mail_parts import MAX_MAIL
from chalicelib.transports.returned_mail import Mail, read

MAX_BODY = 1024 * 1024

Record = Mapping[str, Any]


class Malformed(ValueError):
    """What the queue brought is no notice of a mail."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Notice of a mail: {what}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail in the bucket. `received_at` is epoch milliseconds."""

    key: str
    received_at: int
    recipients: tuple[str, ...] = ()


class S3Inbox:
    """`client` makes an S3 client at the first mail; mails of other buckets and outside of `prefix` are not ours."""

    def __init__(self, client: Callable[[], Any], bucket: str, prefix: str, signer: Signer) -> None:
        self._make = client
        self._bucket = bucket
        self._prefix = prefix
        self._signer = signer

    def events(self, body: str) -> list[Event]:
        """The events in the mails that an SQS record tells of. Malformed for what is no notice; boto3's errors for
        an object that cannot be read: the queue brings it again, and sets it aside in the end.
        """
        found: list[Event] = []
        for stored in stored_mails(body, self._bucket, self._prefix):
            mail = Mail(self._content(stored.key), stored.received_at, stored.recipients)
            found += read(mail, self._signer).events
        return found

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401  boto3 has no types
        return self._make()

    def _content(self, key: str) -> bytes:
        answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=f"bytes=0-{MAX_MAIL - 1}")
        content: bytes = answer["Body"].read(MAX_MAIL)
        return content


def stored_mails(body: str, bucket: str, prefix: str) -> list[Stored]:
    """What an SQS record tells of; nothing for SNS's and S3's own messages and for what lies elsewhere."""
    if len(body) > MAX_BODY:
        raise Malformed(f"{len(body)} characters, at most {MAX_BODY} can be read.")
    record = _object(body)
    if isinstance(record.get("Message"), str):
        if record.get("Type") != "Notification":
            return []
        record = _object(record["Message"])
    try:
        told = list(_by_ses(record)) if "receipt" in record else list(_by_s3(record))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"{type(error).__name__} {error} in {body[:60]!r}") from error
    return [stored for place, stored in told if place == bucket and stored.key.startswith(prefix)]


def _by_ses(record: Record) -> Iterator[tuple[str, Stored]]:
    receipt, mail = record["receipt"], record["mail"]
    action = receipt["action"]
    if action["type"] == "S3":
        recipients = tuple(str(each) for each in receipt["recipients"])
        yield action["bucketName"], Stored(str(action["objectKey"]), _milliseconds(mail["timestamp"]), recipients)


def _by_s3(record: Record) -> Iterator[tuple[str, Stored]]:
    for each in record.get("Records", ()):
        if str(each["eventName"]).startswith("ObjectCreated:"):
            key = unquote_plus(each["s3"]["object"]["key"])
            yield each["s3"]["bucket"]["name"], Stored(key, _milliseconds(each["eventTime"]))


def _object(text: str) -> Record:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {text[:60]!r}") from error
    if not isinstance(found, dict):
        raise Malformed(f"not a JSON object: {text[:60]!r}")
    return found


def _milliseconds(text: str) -> int:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text[:60]!r} has no time zone")
    return round(instant.timestamp() * 1_000)
