"""SQS messages as the records of a Lambda event, and what a handler's answer says about them.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def event_of(messages: Sequence[Json], queue_arn: str, region: str) -> Json:
    return {"Records": [_record(message, queue_arn, region) for message in messages]}


def _record(message: Json, queue_arn: str, region: str) -> Json:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: _attribute(each) for name, each in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def _attribute(attribute: Json) -> Json:
    return {
        "stringValue": attribute.get("StringValue"),
        "dataType": attribute["DataType"],
        "stringListValues": [],
        "binaryListValues": [],
    }


def done(messages: Sequence[Json], answer: object) -> list[Json]:
    """The messages to delete: all but the failed ones. A failure that names none of them fails the whole batch."""
    failed = _failed(answer)
    known = {message["MessageId"] for message in messages}
    if not failed <= known:
        return []
    return [message for message in messages if message["MessageId"] not in failed]


def _failed(answer: object) -> set[str | None]:
    if not isinstance(answer, dict):
        return set()
    return {each.get("itemIdentifier") or None for each in answer.get("batchItemFailures") or ()}
