"""What a connection sends, and answers that get lost on their way back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ReadTimeoutError

from chalicelib.store.connection import Connection


@contextmanager
def calls_of(connection: Connection) -> Iterator[list[str]]:
    """The operations that go out meanwhile, repetitions included."""
    calls: list[str] = []

    def note(request: Any, **_: Any) -> None:
        calls.append(request.headers["X-Amz-Target"].decode().rpartition(".")[2])

    events = connection.dynamodb.meta.events
    events.register("before-send.dynamodb.*", note)
    try:
        yield calls
    finally:
        events.unregister("before-send.dynamodb.*", note)


@contextmanager
def one_answer_lost(connection: Connection, operation: str) -> Iterator[list[int]]:
    """The first such request is sent and takes effect, and its answer never comes: a read time-out, which botocore
    answers by sending it again. Gives the statuses of the answers that were lost.
    """
    client, lost = connection.dynamodb, []

    def lose(request: Any, **_: Any) -> None:
        if not lost:
            answer = client._endpoint.http_session.send(request)
            lost.append(answer.status_code)
            raise ReadTimeoutError(endpoint_url=request.url)

    client.meta.events.register(f"before-send.dynamodb.{operation}", lose)
    try:
        yield lost
    finally:
        client.meta.events.unregister(f"before-send.dynamodb.{operation}", lose)


@contextmanager
def items_read(connection: Connection) -> Iterator[list[int]]:
    """How many items each request reads meanwhile, whether it answers them or reads them over."""
    read: list[int] = []

    def note(parsed: Any, **_: Any) -> None:
        if "Responses" in parsed:
            read.append(sum(map(len, parsed["Responses"].values())))
        elif "ScannedCount" in parsed:
            read.append(parsed["ScannedCount"])

    events = connection.dynamodb.meta.events
    events.register("after-call.dynamodb.*", note)
    try:
        yield read
    finally:
        events.unregister("after-call.dynamodb.*", note)
