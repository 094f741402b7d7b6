"""A table's stream as an event source: its records in their order, a batch at a time, again until it was taken."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from local.function import Departure, Function

Json = dict[str, Any]
EMPTY_S = 0.5


@dataclass(slots=True)
class Stream:
    """From the oldest record that is there: who begins anew carries some again, which does no harm."""

    dynamodb: Any
    streams: Any
    table: str
    function: Function
    batch: int
    region: str
    _iterator: str = field(default="", init=False)

    def turn(self, departure: Departure) -> None:
        """The next records. What the function does not take is carried again."""
        self._iterator = self._iterator or self._beginning()
        answer = self.streams.get_records(ShardIterator=self._iterator, Limit=self.batch)
        if not answer["Records"]:
            self._iterator = answer.get("NextShardIterator", "")
            time.sleep(EMPTY_S)
            return
        with departure.working():
            self.function.call({"Records": [self._record(each) for each in answer["Records"]]})
            self._iterator = answer.get("NextShardIterator", "")

    def _beginning(self) -> str:
        arn = self._arn()
        shards = self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        found = self.streams.get_shard_iterator(
            StreamArn=arn, ShardId=shards[-1]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        return str(found["ShardIterator"])

    def _arn(self) -> str:
        return str(self.dynamodb.describe_table(TableName=self.table)["Table"]["LatestStreamArn"])

    def _record(self, record: Json) -> Json:
        """What a function needs of it: times are numbers there."""
        change = {name: record["dynamodb"][name] for name in ("Keys", "SequenceNumber", "StreamViewType")}
        return {
            "eventID": record["eventID"],
            "eventName": record["eventName"],
            "eventSource": "aws:dynamodb",
            "awsRegion": self.region,
            "eventSourceARN": self._arn(),
            "dynamodb": change,
        }
