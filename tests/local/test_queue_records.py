from __future__ import annotations

import pytest

from local.queue_records import done, event_of

MESSAGES = [{"MessageId": name, "ReceiptHandle": f"r{name}", "Body": "{}"} for name in ("a", "b", "c")]


def test_a_record_says_what_lambda_says():
    message = MESSAGES[0] | {
        "Attributes": {"ApproximateReceiveCount": "2"},
        "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "x"}},
        "MD5OfBody": "m",
    }
    (record,) = event_of([message], "arn:aws:sqs:eu-west-1:1:q", "eu-west-1")["Records"]
    assert record == {
        "messageId": "a",
        "receiptHandle": "ra",
        "body": "{}",
        "attributes": {"ApproximateReceiveCount": "2"},
        "messageAttributes": {
            "kind": {"stringValue": "x", "dataType": "String", "stringListValues": [], "binaryListValues": []}
        },
        "md5OfBody": "m",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q",
        "awsRegion": "eu-west-1",
    }


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (None, ""),  # a handler that returns nothing did everything
        ({}, ""),
        ({"batchItemFailures": []}, ""),
        ({"batchItemFailures": None}, ""),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, "b"),
        # as Lambda: a failure that cannot be matched fails the whole batch
        ({"batchItemFailures": [{"itemIdentifier": "z"}]}, "abc"),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, "abc"),
        ({"batchItemFailures": [{}]}, "abc"),
    ],
)
def test_what_failed_stays_on_the_queue(answer, kept):
    deleted = {message["MessageId"] for message in done(MESSAGES, answer)}
    assert deleted == set("abc") - set(kept)
