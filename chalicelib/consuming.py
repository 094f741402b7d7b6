"""Queue consumers' common ground: each record by itself, and only what failed goes back to the queue.

The answer is Lambda's ReportBatchItemFailures shape; `infra/merge.json` switches it on for every mapping.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from chalicelib.log import failure
from chalicelib.model.fact import Event
from chalicelib.model.ids import is_id

Answer = dict[str, list[dict[str, str]]]
Hint = TypeVar("Hint")


class Records(Protocol):
    """Chalice's SQS event."""

    def to_dict(self) -> dict[str, Any]: ...


def each(records: Records, read: Callable[[str], Hint], work: Callable[[Hint], None]) -> Answer:
    """Reads every record's body as a hint and works on it; a failure of one is no failure of another."""
    return _answer(_failed(records.to_dict()["Records"], lambda body: work(read(body))))


def together(records: Records, read: Callable[[str], Sequence[Event]], work: Callable[[list[Event]], None]) -> Answer:
    """The events of all records in one go. Where that fails, record by record: one cannot hold up the others."""
    taken: list[dict[str, Any]] = records.to_dict()["Records"]
    events: list[Event] = []
    unread = list(_failed(taken, lambda body: events.extend(read(body))))
    readable = [record for record in taken if record["messageId"] not in unread]
    try:
        work(events)
    except Exception as error:  # noqa: BLE001  # whatever it was, it is logged, and tried again one by one
        failure("batch failed", error, records=len(readable))
        return _answer([*unread, *_failed(readable, lambda body: work(list(read(body))))])
    return _answer(unread)


def contacts_of(records: Records, workspace: str) -> list[str]:
    """Whose rows changed, by the keys (`workspace#contact id`) of a table's stream; rows of anything else have others.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
    """
    keys = (record["dynamodb"]["Keys"]["pk"]["S"] for record in records.to_dict()["Records"])
    names = (key.removeprefix(f"{workspace}#") for key in keys if key.startswith(f"{workspace}#"))
    return list(dict.fromkeys(filter(is_id, names)))


def log_lines(event: Mapping[str, Any]) -> list[str]:
    """The lines that a CloudWatch Logs subscription carries (base64 of gzip of JSON); its own probes carry none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
    """
    said = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    if said["messageType"] != "DATA_MESSAGE":
        return []
    return [each["message"] for each in said["logEvents"]]


def _failed(records: Iterable[Mapping[str, Any]], work: Callable[[str], object]) -> Iterator[str]:
    for record in records:
        try:
            work(record["body"])
        except Exception as error:  # noqa: BLE001  # one record's failure must not fail its batch
            failure("record failed", error, message_id=record["messageId"])
            yield record["messageId"]


def _answer(failed: Iterable[str]) -> Answer:
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
