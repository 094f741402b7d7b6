"""A queue as an event source, over the local AWS."""

from __future__ import annotations

from itertools import count

import boto3
import pytest

from local.function import Departure, Function
from local.polling import Source

pytestmark = pytest.mark.real

_queues = count(1)


@pytest.fixture
def queue(aws):
    sqs = boto3.client("sqs", endpoint_url=aws.url, region_name="us-east-1")
    name = f"polled-{next(_queues)}"
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "600"})["QueueUrl"]

    def left():
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return sum(map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))

    def put(*bodies):
        for body in bodies:
            sqs.send_message(QueueUrl=url, MessageBody=body)

    def source(handler, batch=10, window_s=0.0):
        return Source(sqs, name, Function("f", handler, 30), batch, window_s, "us-east-1")

    yield put, left, source
    sqs.delete_queue(QueueUrl=url)


def test_what_was_done_is_deleted(queue):
    put, left, source = queue
    put("a", "b")
    seen = []

    def handler(event, context):
        seen.extend(record["body"] for record in event["Records"])
        assert 0 < context.get_remaining_time_in_millis() <= 30_000

    while left():
        source(handler).turn(Departure())
    assert sorted(seen) == ["a", "b"]


def test_what_failed_stays(queue):
    put, left, source = queue
    put("good", "bad")

    def handler(event, _context):
        failed = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    for _ in range(2):
        if left() > 1:
            source(handler).turn(Departure())
    assert left() == 1


def test_a_handler_that_raises_leaves_everything(queue):
    put, left, source = queue
    put("a")

    def handler(_event, _context):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        source(handler).turn(Departure())
    assert left() == 1


def test_a_batch_larger_than_ten_is_gathered_for_a_window(queue):
    put, left, source = queue
    put(*(str(number) for number in range(25)))
    sizes = []
    source(lambda event, _context: sizes.append(len(event["Records"])), batch=100, window_s=0.3).turn(Departure())
    assert sizes == [25]
    assert left() == 0
