"""What providers tell about our mail. Anybody may post here: the proof is the provider's own, and without it nothing
is kept. An answer of 200 is a promise: what was told is on the queue by then. On any other, providers tell it again.
"""

from __future__ import annotations

from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.context import Hooks, time_left
from chalicelib.log import failure
from chalicelib.model.errors import NotFound
from chalicelib.work.world import World

webhooks = Blueprint(__name__)

MAX_BODY = 1024 * 1024


@webhooks.route("/hooks/{transport}", methods=["GET"])
def asked(transport: str) -> Response:
    """Mandrill asks by HEAD whether a URL is there before it takes it for a webhook."""
    if not _hooks().knows(transport):
        return _plain(404, "There is no such webhook.")
    return _plain(200, f"Post the events of {transport} here.")


@webhooks.route("/hooks/{transport}", methods=["POST"], content_types=[])
def told(transport: str) -> Response:
    try:
        return _told(transport)
    except NotFound:
        return _plain(404, "There is no such webhook.")
    except Exception as error:  # noqa: BLE001  # the edge: whatever broke, the provider tells it again
        failure("webhook failed", error, route=f"POST /hooks/{transport}"[:100])
        return _plain(503, "Try again later.")


def _told(transport: str) -> Response:
    request = webhooks.current_request
    raw = request.raw_body
    body = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    if len(body) > MAX_BODY:
        return _plain(413, f"A webhook's body has at most {MAX_BODY} bytes.")
    world = _world()
    events = _hooks().read(transport, dict(request.headers), body, world.now())
    if events is None:
        return _plain(403, "The proof of who says this is missing or wrong.")
    if events:
        world.incoming.put(events)
    return _plain(200, "Taken.")


def _hooks() -> Hooks:
    hooks: Hooks = _app().parts.hooks
    return hooks


def _world() -> World:
    world: World = _app().parts.world(time_left(_app().lambda_context))
    return world


def _app() -> Any:  # noqa: ANN401  # chalice knows its own class alone: ours is `api/http_api.py`
    return webhooks.current_app


def _plain(status: int, text: str) -> Response:
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return Response(f"{text}\n", {**headers, "X-Content-Type-Options": "nosniff"}, status)
