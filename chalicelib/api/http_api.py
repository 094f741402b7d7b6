"""Chalice behind an API Gateway HTTP API: events of payload format 2.0 come in and answers of that format go out.

Chalice knows REST (format 1.0) events alone. An HTTP API with one `$default` route costs less than a third and
hands binary bodies through, but leaves the matching of paths to us.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

Paths: an HTTP API decodes `rawPath` before it hands it over (so `%2F` is a `/` by then, and a contact whose address
has one is reached by its id); a function URL, which sends events of the same format, hands it over as it was sent.
Its domain tells (`ID.lambda-url.REGION.on.aws`). Either way a path is matched as it comes, and each parameter is
decoded once in all: `%2541` is the text `%41`, never `A`.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote

from chalice import Chalice, Response
from chalice.app import Request

from chalicelib.api.answers import error
from chalicelib.api.context import Parts, time_left
from chalicelib.work.world import World

Json = dict[str, Any]
Context = Any  # Lambda's own, which has no type of its own
FUNCTION_URL = ".lambda-url."
# Patterns with their parts, by how many parts they have and the first of them; ANY where that is a parameter.
Table = Mapping[tuple[int, str], Sequence[tuple[str, Sequence[str]]]]
ANY = "{}"
TEXTUAL = ("text/", "application/json", "application/xml", "image/svg+xml", "application/javascript")


class Envoi(Chalice):
    """A Chalice app that also takes HTTP API events, and holds the parts that its handlers work with.

    The current request belongs to a thread: the local server answers several at once in one process.
    """

    def __init__(self, name: str, parts: Parts) -> None:
        self._own = threading.local()
        self.parts = parts
        self._tabled: tuple[int, Table] = (0, {})
        # the logger of this name is made by `log.py`: Chalice would add a second, unstructured line to each
        super().__init__(app_name=name, configure_logs=False)
        # Chalice refuses binary answers to requests without a matching Accept; `_answer` encodes them for anyone
        self.api.binary_types = []

    @property
    def current_request(self) -> Request | None:
        return getattr(self._own, "request", None)

    @current_request.setter
    def current_request(self, request: Request | None) -> None:
        self._own.request = request

    @property
    def lambda_context(self) -> Context:
        return getattr(self._own, "context", None)

    @lambda_context.setter
    def lambda_context(self, context: Context) -> None:
        self._own.context = context

    @contextmanager
    def using(self, parts: Parts) -> Iterator[Envoi]:
        """The same app over other parts (a World of fakes, a second workspace), until the block ends."""
        before, self.parts = self.parts, parts
        try:
            yield self
        finally:
            self.parts = before

    def world(self, lambda_context: Context = None) -> World:
        """The world of one job; that of the request under way where no other context is given."""
        return self.parts.world(time_left(lambda_context or self.lambda_context))

    def __call__(self, event: Json, context: Context) -> Json:
        if event.get("version") != "2.0":
            return _encoded(super().__call__(event, context))
        return _answer(event, self._routed(event, context))

    def _table(self) -> Table:
        """Made anew while routes are being added still."""
        number, table = self._tabled
        if number != len(self.routes):
            number, table = self._tabled = len(self.routes), table_of(self.routes)
        return table

    def _routed(self, event: Json, context: Context) -> Json:
        found = matched(self._table(), _path(event), unquote if _encoded_path(event) else str)
        if found is None:
            return _plain(error(404, "not_found", "There is nothing at this address.", hint="The API is under /v1."))
        pattern, values = found
        method = _method(event, self.routes[pattern])
        if method is None:
            return _plain(_wrong_method(self.routes[pattern]))
        return _encoded(super().__call__(rest_event(event, pattern, values, method), context))


def table_of(patterns: Iterable[str]) -> Table:
    """The patterns by what a path says at once: a click must not be held against each of two hundred."""
    table: dict[tuple[int, str], list[tuple[str, list[str]]]] = {}
    for pattern in patterns:
        parts = pattern.split("/")
        table.setdefault((len(parts), ANY if parts[1].startswith("{") else parts[1]), []).append((pattern, parts))
    return table


def matched(table: Table, path: str, decode: Callable[[str], str]) -> tuple[str, dict[str, str]] | None:
    """The pattern that a path fits and its parameters, through `decode`; the one with fewer of them goes first."""
    parts = path.split("/")
    first = parts[1] if len(parts) > 1 else ""
    near = (*table.get((len(parts), first), ()), *table.get((len(parts), ANY), ()))
    fits = ((pattern, _values(names, parts, decode)) for pattern, names in near)
    found = [(pattern, values) for pattern, values in fits if values is not None]
    return min(found, key=lambda each: len(each[1]), default=None)


def _values(pattern: Sequence[str], parts: Sequence[str], decode: Callable[[str], str]) -> dict[str, str] | None:
    pairs = list(zip(pattern, parts, strict=True))
    if not all(part if name.startswith("{") else name == part for name, part in pairs):
        return None
    return {name[1:-1]: decode(part) for name, part in pairs if name.startswith("{")}


def rest_event(event: Json, pattern: str, values: dict[str, str], method: str) -> Json:
    """The REST (1.0) event that Chalice routes on. `originalMethod` keeps HEAD where a GET serves it."""
    http = event["requestContext"]["http"]
    query = parse_qs(event.get("rawQueryString", ""), keep_blank_values=True)
    return {
        "resource": pattern,
        "path": _path(event),
        "httpMethod": method,
        "headers": {name.lower(): value for name, value in event.get("headers", {}).items()} | _cookies(event),
        "pathParameters": values,
        "multiValueQueryStringParameters": query or None,
        "queryStringParameters": {name: each[-1] for name, each in query.items()} or None,
        "stageVariables": event.get("stageVariables"),
        "body": event.get("body"),
        "isBase64Encoded": event.get("isBase64Encoded", False),
        "requestContext": {
            "resourcePath": pattern,
            "httpMethod": method,
            "originalMethod": http["method"].upper(),
            "requestId": event["requestContext"].get("requestId", ""),
            "identity": {"sourceIp": http.get("sourceIp", ""), "userAgent": http.get("userAgent", "")},
        },
    }


def _cookies(event: Json) -> dict[str, str]:
    """They come apart from the other headers."""
    return {"cookie": "; ".join(event["cookies"])} if event.get("cookies") else {}


def _encoded_path(event: Json) -> bool:
    domain: str = event["requestContext"].get("domainName") or ""
    return FUNCTION_URL in domain


def _path(event: Json) -> str:
    """The path behind the stage; the stage named `$default` is not part of it."""
    path: str = event.get("rawPath") or "/"
    stage = event["requestContext"].get("stage", "$default")
    return path.removeprefix(f"/{stage}") or "/" if path.startswith(f"/{stage}/") else path


def _method(event: Json, methods: Mapping[str, Any]) -> str | None:
    method: str = event["requestContext"]["http"]["method"].upper()
    if method in methods:
        return method
    return "GET" if method == "HEAD" and "GET" in methods else None


def _wrong_method(methods: Mapping[str, Any]) -> Response:
    allowed = ", ".join(sorted(set(methods) | ({"HEAD"} if "GET" in methods else set())))
    answer = error(405, "method_not_allowed", "This address does not take that method.", hint=f"It takes {allowed}.")
    answer.headers["Allow"] = allowed
    return answer


def _plain(answer: Response) -> Json:
    return _encoded(answer.to_dict([]))


def _encoded(answer: Json) -> Json:
    """Bytes cannot be JSON: text as text, all else as base64, compressed text too."""
    body = answer.get("body", "")
    if not isinstance(body, bytes):
        return answer
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    if headers.get("content-type", "").startswith(TEXTUAL) and "content-encoding" not in headers:
        return answer | {"body": body.decode("utf-8")}
    return answer | {"body": base64.b64encode(body).decode("ascii"), "isBase64Encoded": True}


def _answer(event: Json, answer: Json) -> Json:
    """A 2.0 answer: one value a header, cookies apart, no body for HEAD."""
    several = {name.lower(): values for name, values in answer.get("multiValueHeaders", {}).items()}
    cookies = several.pop("set-cookie", None)
    joined = {name: ", ".join(values) for name, values in several.items()}
    head = event["requestContext"]["http"]["method"].upper() == "HEAD"
    return {
        "statusCode": answer["statusCode"],
        "headers": {"content-type": "application/json"} | _lower(answer["headers"]) | joined,
        "body": "" if head else answer["body"],
        "isBase64Encoded": answer.get("isBase64Encoded", False) and not head,
    } | ({"cookies": cookies} if cookies else {})


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}
