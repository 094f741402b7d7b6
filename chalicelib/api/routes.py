"""How every address of the API under `/v1` is registered: key, kind and size of the body, then faults to statuses.

Chalice turns a view's exceptions into its own 500 before any middleware sees them, so they are met here.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api import versions
from chalicelib.api.answers import JSON, Unsupported, answer, broken, fault_answer, made
from chalicelib.api.bodies import Body, decoded
from chalicelib.api.keys import authorised
from chalicelib.log import failure
from chalicelib.model.errors import Fault, Invalid, NotFound, TooLarge
from chalicelib.model.ids import is_id
from chalicelib.work import auditing
from chalicelib.work.permitting import acting
from chalicelib.work.world import World

MAX_BODY = 1024 * 1024
MAX_LIMIT = 100
DEFAULT_LIMIT = 50
MAX_CURSOR = 2_000
MOST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised request: the world to work in, its body, its headers (lower case) and its query."""

    world: World
    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]

    def decoded(self, shape: type[Body]) -> Body:
        return decoded(self.body, shape)

    def changes(self, shape: type[Body]) -> tuple[dict[str, Any], int | None]:
        """The fields that a PATCH gives, and the version that it expects, by `version` or by `If-Match`."""
        given = msgspec.structs.asdict(self.decoded(shape))
        said, meant = given.pop("version"), self.expected
        if None not in (said, meant) and said != meant:
            raise Invalid("version", said, f"If-Match says {meant}: give one of them, or twice the same.")
        version = meant if said is None else said
        return {name: value for name, value in given.items() if value is not msgspec.UNSET}, version

    @property
    def expected(self) -> int | None:
        """The version that `If-Match` names."""
        return versions.wanted(self.headers)

    @property
    def content_type(self) -> str:
        return _kind(self.headers)

    @property
    def limit(self) -> int:
        """How many items a list's page has; 50 where the query does not say."""
        text = self.query.get("limit", str(DEFAULT_LIMIT))
        if not (
            text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_LIMIT)) and 1 <= int(text) <= MAX_LIMIT
        ):
            raise Invalid("limit", text, f"Give a whole number from 1 to {MAX_LIMIT}.")
        return int(text)

    @property
    def cursor(self) -> str | None:
        text = self.query.get("cursor") or None
        if text is not None and len(text) > MAX_CURSOR:
            raise Invalid("cursor", text, 'Give the "next" of the page before, unchanged.')
        return text

    @property
    def version(self) -> int | None:
        """The one that the query expects, for bodies that are no JSON."""
        text = self.query.get("version")
        if text is None:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS):
            raise Invalid("version", text, "Give the version that you read, a whole number.")
        return int(text)


View = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route takes: kinds of body (none: any) and bytes. What is not `audited` changes nothing that a team keeps,
    or keeps a log of its own.
    """

    kinds: tuple[str, ...] = (JSON,)
    max_body: int = MAX_BODY
    audited: bool = True


TAKES_JSON = Rule()
ASKS = Rule(audited=False)


def route(blueprint: Blueprint, method: str, path: str, rule: Rule = TAKES_JSON) -> Callable[[View], View]:
    """Registers a view that takes the Call and the path's parameters; what it returns is answered as JSON."""

    def register(view: View) -> View:
        @functools.wraps(view)
        def met(**values: str) -> Response:
            app: Any = blueprint.current_app
            try:
                call = _call(app, rule)
                said = view(call, **named(values))
                answered = said if isinstance(said, Response) else answer(said)
                if method != "GET" and rule.audited:
                    auditing.note(call.world, deed(view), " ".join(values.values()) or made(answered))
            except Fault as fault:
                return fault_answer(versions.judged(fault, dict(app.current_request.headers)))
            except Exception as error:  # noqa: BLE001  # the edge: whatever is not the caller's fault is ours
                return _broken(app, error)
            return answered

        # Chalice's own check of content types answers in another shape: ours is in `_call`
        blueprint.route(path, methods=[method], content_types=[])(met)
        return view

    return register


def deed(view: View) -> str:
    """`emails.publish`: the resource and what was done, as the audit log has it."""
    return f"{view.__module__.rpartition('.')[2]}.{getattr(view, '__name__', '')}"


def _call(app: Any, rule: Rule) -> Call:  # noqa: ANN401  # chalice's own types are Any
    request = app.current_request
    headers = dict(request.headers)
    actor = authorised(headers.get("authorization", ""), app.parts.settings.api_keys, app.world)
    query = {name: request.query_params[name] for name in request.query_params or ()}
    return Call(acting(app.world(), actor), _body(request.raw_body, headers, rule), headers, query)


def named(values: dict[str, str]) -> dict[str, str]:
    """The path's parameters; those called `..._id` are ids, or there is no such thing."""
    for name, value in values.items():
        if name.endswith("_id") and not is_id(value):
            field = name if len(values) > 1 else "id"
            raise NotFound(f"There is no {name.removesuffix('_id')} {value[:60]!r}.", field=field)
    return values


def _body(raw: bytes, headers: Mapping[str, str], rule: Rule) -> bytes:
    if len(raw) > rule.max_body:
        raise TooLarge(
            f"The body has {len(raw)} bytes.", field="body", hint=f"At most {rule.max_body} bytes are taken here."
        )
    if raw and _kind(headers) not in rule.kinds:
        raise Unsupported(
            f"A body of the kind {_kind(headers)[:100]!r} is not taken here.",
            field="content-type",
            hint=f"Send {' or '.join(rule.kinds)}.",
        )
    return raw


def _kind(headers: Mapping[str, str]) -> str:
    """The media type without its parameters; JSON where none is named (RFC 9110 section 8.3)."""
    return (headers.get("content-type") or JSON).partition(";")[0].strip().lower()


def _broken(app: Any, error: Exception) -> Response:  # noqa: ANN401  # chalice's own types are Any
    request = app.current_request
    request_id = request.context.get("requestId") or secrets.token_hex(8)
    failure("request failed", error, request_id=request_id, route=f"{request.method} {request.path}")
    return broken(request_id)
