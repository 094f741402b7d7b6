"""A loopback server that takes whatever DynamoDB, SQS and SES are told, and answers at once.

It runs in a process of its own, so that `time.process_time()` measures our side alone. Its answers are the smallest
that the clients accept; what a reading needs to find is made by a rule, in the sink's process:

    with sink(rule) as url:           # rule(operation, request) -> answer, or None for the plain one
        environment(url)              # what a child process needs to speak to it

`calls(url)` says how often each operation came, how many items it carried, and what DynamoDB would charge for them in
write and read units (an item's size rounded up to 1 KB; written twice in a transaction; read consistently by 4 KB).
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

Json = dict[str, Any]
Rule = Callable[[str, Json], Json | None]

# The keys of the indexes by which contacts are found (`store/contact_rows.py`).
INDEXED = ("ka", "kn", "ks")
QUOTA = {"Max24HourSend": -1.0, "MaxSendRate": 1_000_000.0, "SentLast24Hours": 0.0}
COUNTS = "Counts"
WRITE_UNITS, READ_UNITS = "write units", "read units"


@contextmanager
def sink(rule: Rule | None = None) -> Iterator[str]:
    """The sink's URL while the block runs. `rule` must be importable: another process calls it."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(listening, rule), daemon=True)
    server.start()
    listening.close()
    try:
        calls(url)  # it answers: it is up
        yield url
    finally:
        server.kill()
        server.join()


def environment(url: str) -> dict[str, str]:
    """What makes boto3 in a child process speak to the sink."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ENDPOINT_URL_SESV2": url,
        "AWS_ACCESS_KEY_ID": "sink",
        "AWS_SECRET_ACCESS_KEY": "sink",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def calls(url: str) -> Counter[str]:
    """By operation; `<operation>.items` counts what the calls carried."""
    with urllib.request.urlopen(f"{url}/{COUNTS}", timeout=30) as answer:  # noqa: S310  # our own loopback address
        return Counter(json.load(answer))


def _serve(listening: socket.socket, rule: Rule | None) -> None:
    asyncio.run(_run(listening, _Answers(rule)))


async def _run(listening: socket.socket, answers: _Answers) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(answers), sock=listening)
    await server.serve_forever()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, just as much of it as botocore speaks."""

    def __init__(self, answers: _Answers) -> None:
        self.answers = answers
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while (request := self._request()) is not None:
            head, body = request
            answer = json.dumps(self.answers(_operation(head), body)).encode()
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )

    def _request(self) -> tuple[list[str], Json] | None:
        """The next whole request: its head's lines and its body."""
        raw, end, rest = self.unread.partition(b"\r\n\r\n")
        if not end:
            return None
        head = raw.decode("latin-1").split("\r\n")
        length = int(_header(head, "content-length") or 0)
        if "100-continue" in _header(head, "expect").lower() and not rest:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if len(rest) < length:
            return None
        self.unread = rest[length:]
        return head, json.loads(rest[:length] or b"{}")


def _header(head: list[str], name: str) -> str:
    return next((line.partition(":")[2].strip() for line in head[1:] if line.lower().startswith(f"{name}:")), "")


def _operation(head: list[str]) -> str:
    """DynamoDB and SQS name it in a header (`DynamoDB_20120810.PutItem`), SES in its path."""
    target = _header(head, "x-amz-target")
    return (
        target.rpartition(".")[2] if target else head[0].split(" ")[1].partition("?")[0].rstrip("/").rpartition("/")[2]
    )


class _Answers:
    """The rule's answer, or the plain one; and how often each operation came."""

    def __init__(self, rule: Rule | None) -> None:
        self.rule = rule
        self.counts: dict[str, float] = defaultdict(float)
        self.numbers = count(1)

    def __call__(self, operation: str, request: Json) -> Json:
        if operation == COUNTS:
            return dict(self.counts)
        self.counts[operation] += 1
        self.counts[f"{operation}.items"] += _items(request)
        self.counts[WRITE_UNITS] += write_units(operation, request)
        said = self.rule(operation, request) if self.rule is not None else None
        answer = self._plain(operation, request) if said is None else said
        self.counts[READ_UNITS] += read_units(operation, request, answer)
        return projected(operation, request, answer)

    def _plain(self, operation: str, request: Json) -> Json:
        if operation == "outbound-bulk-emails":
            entries = [{"Status": "SUCCESS", "MessageId": self._id()} for _ in request["BulkEmailEntries"]]
            return {"BulkEmailEntryResults": entries}
        if operation == "outbound-emails":
            return {"MessageId": self._id()}
        if operation == "SendMessageBatch":
            return {"Successful": [{"Id": each["Id"], "MessageId": self._id()} for each in request["Entries"]]}
        return dict(PLAIN.get(operation, {}))

    def _id(self) -> str:
        return f"0100{next(self.numbers):028x}-000000"


def projected(operation: str, request: Json, answer: Json) -> Json:
    """The answer with the attributes alone that were asked for."""
    if operation == "BatchGetItem":
        asked = request["RequestItems"]
        found = {table: _only(asked.get(table, {}), items) for table, items in answer["Responses"].items()}
        return answer | {"Responses": found}
    return answer | {"Items": _only(request, answer["Items"])} if operation in ("Query", "Scan") else answer


def _only(asked: Json, items: list[Json]) -> list[Json]:
    if "ProjectionExpression" not in asked:
        return items
    names = {asked["ExpressionAttributeNames"][each] for each in asked["ProjectionExpression"].split(", ")}
    return [{name: value for name, value in item.items() if name in names} for item in items]


def write_units(operation: str, request: Json) -> int:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html"""
    if operation == "BatchWriteItem":
        puts = (each for some in request["RequestItems"].values() for each in some)
        return sum(_kilobytes(each.get("PutRequest", {}).get("Item", {})) for each in puts)
    if operation == "TransactWriteItems":
        items = [action.get("Item", {}) for each in request["TransactItems"] for action in each.values()]
        return sum(2 * _kilobytes(item) + _indexed(item) for item in items)
    item = request.get("Item", {})
    return _kilobytes(item) + _indexed(item) if operation in ("PutItem", "UpdateItem", "DeleteItem") else 0


def _indexed(item: Json) -> int:
    """A row that is new costs a write of its own in every index that has its key."""
    return sum(each in item for each in INDEXED)


def read_units(operation: str, request: Json, answer: Json) -> float:
    """Consistent reads, and half of it for others; an item that is not there costs one as well."""
    if operation == "BatchGetItem":
        found = answer["Responses"]
        return sum(_table_units(asked, found.get(table, [])) for table, asked in request["RequestItems"].items())
    if operation == "GetItem":
        return _units(answer.get("Item", {}), 4)
    if operation in ("Query", "Scan"):
        return max(1, -(-sum(_size(item) for item in answer["Items"]) // 4096))
    return 0


def _table_units(asked: Json, found: list[Json]) -> float:
    units = sum(_units(item, 4) for item in found) + len(asked["Keys"]) - len(found)
    return units if asked.get("ConsistentRead") else units / 2


def _kilobytes(item: Json) -> int:
    return _units(item, 1)


def _units(item: Json, kilobytes: int) -> int:
    return max(1, -(-_size(item) // (1024 * kilobytes)))


def _size(item: Json) -> int:
    """Names and values; a number takes a byte for two digits, binary travels as base64."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Json) -> int:
    [(kind, content)] = value.items()
    if kind == "N":
        return len(content) // 2 + 1
    return len(str(content).encode()) * 3 // 4 if kind == "B" else len(str(content).encode())


def _items(request: Json) -> int:
    """How many things one call carried."""
    if "RequestItems" in request:
        asked = request["RequestItems"].values()
        return sum(len(each if isinstance(each, list) else each["Keys"]) for each in asked)
    return len(request.get("TransactItems") or request.get("BulkEmailEntries") or request.get("Entries") or "1")


PLAIN: Mapping[str, Json] = {
    "BatchGetItem": {"Responses": {}, "UnprocessedKeys": {}},
    "BatchWriteItem": {"UnprocessedItems": {}},
    "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
    "Scan": {"Items": [], "Count": 0, "ScannedCount": 0},
    "SendMessage": {"MessageId": "0"},
    "GetQueueUrl": {"QueueUrl": "http://127.0.0.1/queue"},
    "account": {"SendQuota": QUOTA, "SendingEnabled": True, "EnforcementStatus": "HEALTHY"},
}
