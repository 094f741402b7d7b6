"""Speaks to the app as an API Gateway HTTP API does: events of payload format 2.0 in, answers out."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from chalicelib.settings import Settings
from chalicelib.wiring import RecipientSide
from chalicelib.work.world import World
from tests.api.lambda_context import FakeContext

KEY = "a-key-of-this-workspace"
SETTINGS = Settings(api_keys=(hashlib.sha256(b"another").hexdigest(), hashlib.sha256(KEY.encode()).hexdigest()))


@dataclass
class FakeParts:
    """A World of fakes for the app to work in. `times` is what each job was told about its time; `hooks` reads the
    providers' webhooks.
    """

    standing: World
    settings: Settings = SETTINGS
    times: list[int] = field(default_factory=list)
    hooks: Any = None

    @property
    def recipient_side(self) -> RecipientSide:
        world = self.standing
        return RecipientSide(world.signer, world.links, world.base_url, world.now, world.new_id)

    def world(self, time_left: Callable[[], int]) -> World:
        self.times.append(time_left())
        return self.standing


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        return self.json["error"]


def event(
    method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None, query: str = ""
) -> Any:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": dict(headers or {}),
        "requestContext": {
            "http": {"method": method, "path": unquote(path), "sourceIp": "127.0.0.1", "userAgent": "test"},
            "requestId": "request-1",
            "stage": "$default",
        },
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }


def answered(raw: Mapping[str, Any]) -> Answered:
    assert set(raw) <= {"statusCode", "headers", "body", "isBase64Encoded", "cookies"}
    json.dumps(raw)  # Lambda does the same
    body = base64.b64decode(raw["body"]) if raw["isBase64Encoded"] else raw["body"].encode()
    return Answered(raw["statusCode"], raw["headers"], body)


@dataclass(frozen=True)
class Client:
    app: Any

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Answered:
        raw = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
        return self.raw(method, path, raw, headers, urlencode(query))

    def raw(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answered:
        return answered(self.app(event(method, path, body=body, headers=headers, query=query), FakeContext()))
