"""`record`: events that came back, through the real stores, in CPU seconds of our own process and in write units.

The events are those of a broadcast: for every hundred recipients 100 sent and 100 delivered, 35 opened, 8 clicked and
1 bounced, each told once, in batches as the queue gives them; the rows say sent already. Beside it the loop that anyone
writes: one update of the message's row and one of the e-mail's counter for each event.

`hit_write_units` is what a first open and a first click cost, counters included, by batches of as many hits: a hundred
as in a broadcast's first hour, one alone as in its last days.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import cast
from zlib import crc32

from bench.child import measured
from bench.figure import figure, per_cpu_second
from bench.sink import WRITE_UNITS, Json, calls, sink
from chalicelib.model.cohort import NAMED, Cohort
from chalicelib.model.fact import Event, Kind
from chalicelib.model.ids import random_id
from chalicelib.model.message import Message, MessageKey

# as `app.py` takes them from the queue
BATCH, BATCHES = 100, 200
RECORDED = BATCH * (BATCHES + 1)
ATTEMPT = "a" * 16
SEGMENT = "s" * 16
NOON = 1_795_521_600_000
MINUTE = 60_000
HITS: tuple[Kind, ...] = ("opened", "clicked")
HIT_BATCHES = 20
AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)
SAID = MappingProxyType({"method": "GET", "revision": "1", "agent": AGENT})
SHARES: Mapping[Kind, int] = MappingProxyType({"sent": 100, "delivered": 100, "opened": 35, "clicked": 8, "bounced": 1})


def figures() -> Iterator[Json]:
    with sink(proved) as url:
        envoi, plain = (measured("bench.record", url, way) for way in ("envoi", "plain"))
    yield per_cpu_second("record", "events", envoi, {"an update of row and counter an event": plain})
    for kind in HITS:
        for size in (BATCH, 1):
            with sink(proved) as url:
                measured("bench.record", url, f"{kind} {size}", runs=1)
                units = calls(url)[WRITE_UNITS] / (size * HIT_BATCHES)
            unit = f"per first {kind} hit, {size} at a time"
            yield figure("hit_write_units", units, unit, {"an update of row and counter an event": 2.0})


def proved(operation: str, request: Json) -> Json | None:
    """Every message's row says sent; no fact stands yet (their keys have a `!`)."""
    if operation != "BatchGetItem":
        return None
    rows = {
        table: [_sent(_domain(key)) | key for key in asked["Keys"] if "!" not in key["sk"]["S"]]
        for table, asked in request["RequestItems"].items()
        if table.endswith("messages")
    }
    return {"Responses": rows, "UnprocessedKeys": {}}


def _domain(key: Json) -> int:
    """One of the twenty that have figures of their own."""
    return crc32(key["pk"]["S"].encode()) % NAMED


@cache
def _sent(domain: int) -> Json:
    """A broadcast's row as the store writes it."""
    from chalicelib.store.message_rows import message_item  # noqa: PLC0415  # the sink's process alone makes rows

    key = MessageKey(random_id(), random_id())
    cohort = Cohort(SEGMENT, f"domain{domain}.example")
    sent = Message(key, random_id(), 1, "sent", ATTEMPT, NOON, provider_id="p" * 60, cohort=cohort)
    row: Json = message_item("main", sent)
    return row


def events(number: int) -> list[Event]:
    """About `number` events of one e-mail, mixed as they come in."""
    email, family = random_id(), random_id()
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    keys = [MessageKey(random_id(), family) for _ in range(-(-number * 100 // len(kinds)))]
    return [
        _event(kind, key, email)
        for hundred in range(0, len(keys), 100)
        for kind, share in SHARES.items()
        for key in keys[hundred : hundred + share]
    ][:number]


def _event(kind: Kind, key: MessageKey, email: str) -> Event:
    if kind in HITS:
        link = 0 if kind == "clicked" else None
        return Event(random_id(), kind, key, email, NOON + MINUTE, link=link, detail=dict(SAID))
    return Event(random_id(), kind, key, email, NOON, attempt=ATTEMPT, address="ann@example.com")


def _first_hits(kind: Kind, size: int, email: str, family: str) -> list[Event]:
    return [_event(kind, MessageKey(random_id(), family), email) for _ in range(size)]


def _hits(kind: Kind, size: int) -> float:
    """The messages are of one e-mail; the sink counts the units."""
    record, email, family = _envoi(), random_id(), random_id()
    for _ in range(HIT_BATCHES):
        record(_first_hits(kind, size, email, family))
    return float(size * HIT_BATCHES)


def _envoi() -> Callable[[Sequence[Event]], object]:
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work.recording import record  # noqa: PLC0415

    world = Wiring(Settings.from_env()).world(lambda: 600_000)
    return lambda batch: record(world, batch)


def _plain() -> Callable[[Sequence[Event]], object]:
    import boto3  # noqa: PLC0415  # as above

    dynamodb = boto3.client("dynamodb")

    def update(table: str, key: str, expression: str, name: str, value: Mapping[str, str]) -> None:
        dynamodb.update_item(
            TableName=table,
            Key={"id": {"S": key}},
            UpdateExpression=expression,
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    def loop(batch: Sequence[Event]) -> None:
        for event in batch:
            update("messages", str(event.message), "SET #name = :value", event.kind, {"N": str(event.at)})
            update("emails", event.email, "ADD #name :value", event.kind, {"N": "1"})

    return loop


WAYS = MappingProxyType({"envoi": (_envoi, BATCHES), "plain": (_plain, 10)})


def _measured(way: str) -> float:
    """Events per CPU second, after one batch to warm up."""
    make, batches = WAYS[way]
    work = make()
    told = [events(BATCH) for _ in range(batches)]
    work(events(BATCH))
    begun = time.process_time()
    for batch in told:
        work(batch)
    return BATCH * batches / (time.process_time() - begun)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        way, _, number = sys.argv[1].partition(" ")
        print(_hits(cast(Kind, way), int(number)) if number else _measured(way))
    else:
        for each in figures():
            print(json.dumps(each))
