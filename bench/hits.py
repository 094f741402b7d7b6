"""`hits`: clicks answered by the app itself, from an HTTP API's event to its answer, in CPU seconds; no HTTP server.

Beside it the same click answered by one who records before answering: the message's row and the e-mail's counter are
updated in DynamoDB (a sink that takes everything at once), and then comes the redirect.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bench.child import measured
from bench.figure import per_cpu_second
from bench.sink import Json, sink
from chalicelib.model.ids import random_id
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Tracked

HITS = MappingProxyType({"envoi": 20_000, "plain": 1_000})
WARM = 50
EMAIL, FAMILY = random_id(), random_id()
LINKS = tuple(f"https://example.com/offers/{number}?utm_source=news" for number in range(20))
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)


class Table:
    """The revision's link table, as it is after its first use: kept."""

    def read(self, _email_id: str, _number: int) -> tuple[str, ...]:
        return LINKS


def figures() -> Iterator[Json]:
    with sink() as url:
        envoi, plain = (measured("bench.hits", url, way) for way in HITS)
    yield per_cpu_second("hits", "clicks", envoi, {"two updates before the answer": plain})


def _event(token: str) -> Json:
    """Payload format 2.0, as an HTTP API sends it."""
    path = f"/c/{token}/3"
    http = {"method": "GET", "path": path, "sourceIp": "203.0.113.77", "userAgent": AGENT}
    headers = {"user-agent": AGENT, "accept": "text/html", "host": "mail.example.com", "x-forwarded-proto": "https"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"http": http, "requestId": random_id(), "stage": "$default"},
        "isBase64Encoded": False,
    }


def _clicking() -> Callable[[Json], Json]:
    from app import app  # noqa: PLC0415  # made from the environment, which a child of the bench alone has

    side = app.parts.recipient_side
    app.parts.__dict__["recipient_side"] = replace(side, links=Table())
    return lambda event: app(event, None)


def _updating(click: Callable[[Json], Json]) -> Callable[[Json], Json]:
    import boto3  # noqa: PLC0415  # the plain way alone needs it

    dynamodb: Any = boto3.client("dynamodb")

    def update(table: str, key: str, expression: str, value: str) -> None:
        dynamodb.update_item(
            TableName=table,
            Key={"id": {"S": key}},
            UpdateExpression=expression,
            ExpressionAttributeNames={"#name": "clicked"},
            ExpressionAttributeValues={":value": {"N": value}},
        )

    def answered(event: Json) -> Json:
        update("messages", event["rawPath"], "SET #name = :value", str(time.time_ns()))
        update("emails", EMAIL, "ADD #name :value", "1")
        return click(event)

    return answered


def _measured(way: str) -> float:
    """Clicks per CPU second, each by another recipient; the lines go where nobody reads them."""
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone

    signer = Settings.from_env().signer
    number = HITS[way]
    tokens = [signer.token(Tracked(MessageKey(random_id(), FAMILY), EMAIL, 1)) for _ in range(number + WARM)]
    events = [_event(token) for token in tokens]
    click = _clicking() if way == "envoi" else _updating(_clicking())
    if any(click(event)["statusCode"] != 302 for event in events[:WARM]):
        raise RuntimeError("a click was not answered with a redirect")
    begun = time.process_time()
    for event in events[WARM:]:
        click(event)
    return number / (time.process_time() - begun)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        stdout = sys.stdout
        with open(os.devnull, "w") as sys.stdout:  # noqa: PTH123  # a line is written and flushed for each hit
            clicks = _measured(sys.argv[1])
        print(clicks, file=stdout)
    else:
        for each in figures():
            print(json.dumps(each))
