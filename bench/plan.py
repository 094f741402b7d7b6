"""`plan`: contacts of a static list walked, cut into chunks and committed, in CPU seconds.

Beside it what most systems do: a queue message for each recipient (`SendMessageBatch` of ten), with the contact in it.
`plan_growth` is the power of the audience's size with which the seconds grow.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from bench import audience
from bench.child import measured
from bench.figure import figure, per_cpu_second
from bench.growth import STEPS, exponent
from bench.sink import Json, sink
from bench.sizes import Sizes
from chalicelib.model import ids
from chalicelib.model.broadcast import Broadcast, Walk

CONTACTS = 160_000
QUEUED = 5_000
PLAIN = "a queue message a recipient"
BODY = "x" * 600


def figures() -> Iterator[Json]:
    with sink(answering) as url:
        envoi, plain = (measured("bench.plan", url, way) for way in ("envoi", "plain"))
    yield per_cpu_second("plan", "contacts", envoi, {PLAIN: plain})


def growing(sizes: Sizes) -> Iterator[Json]:
    """How the seconds of planning grow with the audience."""
    seconds = {sizes.contacts // each: _seconds(sizes.contacts // each) for each in STEPS}
    found = figure("plan_growth", exponent(seconds), "exponent of the audience's size", {"linear": 1.0})
    yield found | {"seconds": {str(contacts): round(each, 3) for contacts, each in seconds.items()}}


def _seconds(contacts: int) -> float:
    with sink(partial(answering_for, contacts)) as url:
        return contacts / measured("bench.plan", url, f"envoi {contacts}")


def answering(operation: str, request: Json) -> Json | None:
    return answering_for(CONTACTS, operation, request)


def answering_for(contacts: int, operation: str, request: Json) -> Json | None:
    """A planning broadcast, its one walk at the start, and a list of so many members in id order: a multiple of the
    shards.
    """
    # the team's few things are none: no transport, no zone
    if not request.get("TableName", "broadcasts").endswith(("broadcasts", "segments")):
        return None
    if operation == "GetItem":
        return {"Item": _broadcast()}
    if operation == "Query":
        values = sorted(each["S"] for each in request["ExpressionAttributeValues"].values())
        items = (
            _members(contacts, values, request.get("Limit", 1_000)) if "segments" in request["TableName"] else [_walk()]
        )
        return {"Items": items, "Count": len(items)}
    if operation == "BatchGetItem":
        asked = request["RequestItems"]
        return {"Responses": {table: [_list()] if "segments" in table else [] for table in asked}}
    return None


def member(contacts: int, number: int) -> str:
    """Ascending, spread evenly over the shards."""
    shard, place = divmod(number, contacts // ids.SHARDS)
    return ids.from_bytes(((shard << 76) + place).to_bytes(ids.ID_BYTES, "big"))


def _members(contacts: int, values: list[str], limit: int) -> list[Json]:
    partition = next(value for value in values if "#" in value)
    after = next((value for value in values if "#" not in value), None)
    shard = int(partition.rpartition("#")[2], 16)
    of_shard = contacts // ids.SHARDS
    first = shard * of_shard
    if after is not None:
        first += (int.from_bytes(ids.to_bytes(after), "big") & ((1 << 76) - 1)) + 1
    numbers = range(first, min(first + limit, (shard + 1) * of_shard))
    return [{"pk": {"S": partition}, "sk": {"S": member(contacts, n)}, "f": {"N": "1"}} for n in numbers]


def _planning() -> Broadcast:
    return Broadcast(
        audience.BROADCAST,
        audience.EMAIL,
        audience.EMAIL,
        1,
        (audience.LIST,),
        (),
        0,
        state="planning",
        lists_only=True,
    )


def _broadcast() -> Json:
    from chalicelib.store.broadcast_rows import broadcast_row  # noqa: PLC0415  # the sink's process alone makes rows

    item: Json = broadcast_row(audience.WORKSPACE, _planning()).item()
    return item


def _walk() -> Json:
    from chalicelib.store.broadcast_rows import walk_row  # noqa: PLC0415  # as above

    item: Json = walk_row(audience.WORKSPACE, audience.BROADCAST, Walk(0)).item()
    return item


def _list() -> Json:
    from chalicelib.model.segment import Segment  # noqa: PLC0415  # as above
    from chalicelib.store.segments import SegmentRow, _text  # noqa: PLC0415

    segment = Segment(audience.LIST, "All", size=CONTACTS)
    item: Json = SegmentRow(audience.WORKSPACE, segment.id, v=1, doc=_text(segment), size=segment.size).item()
    return item


def _envoi(contacts: int) -> tuple[Callable[[], None], int]:
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work.planning import plan  # noqa: PLC0415

    world = Wiring(Settings.from_env()).world(lambda: 600_000)
    # a page to warm up: a job whose time is up behind it hints itself
    left = iter((600_000,))
    plan(replace(world, time_left=lambda: next(left, 0)), audience.BROADCAST, 0)
    return lambda: plan(world, audience.BROADCAST, 0), contacts


def _plain(messages: int) -> tuple[Callable[[], None], int]:
    import boto3  # noqa: PLC0415  # as above

    sqs = boto3.client("sqs")

    def loop() -> None:
        for first in range(0, messages, 10):
            entries = [{"Id": str(n), "MessageBody": BODY} for n in range(first, first + 10)]
            sqs.send_message_batch(QueueUrl="http://127.0.0.1/outgoing", Entries=entries)

    return loop, messages


WAYS = MappingProxyType({"envoi": (_envoi, CONTACTS), "plain": (_plain, QUEUED)})


def measure(way: str) -> float:
    """Contacts per CPU second, warmed up; `way` may name how many."""
    name, _, number = way.partition(" ")
    make, usual = WAYS[name]
    work, contacts = make(int(number or usual))
    begun = time.process_time()
    work()
    return contacts / (time.process_time() - begun)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(sys.argv[1]))
    else:
        for each in figures():
            print(json.dumps(each))
