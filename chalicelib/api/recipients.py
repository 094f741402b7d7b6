"""What recipients reach without a key: the pixel, the click, leaving and the web version.

The pixel and the click write their hit as one line of the log (`work/hits.py`) and answer: no AWS client, no
database. A token that is not ours gets a plain page: never a 500, never a redirect, never a change.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from chalice import Blueprint, Response

from chalicelib.api.context import time_left
from chalicelib.log import failure
from chalicelib.model.token import Tracked
from chalicelib.wiring import RecipientSide
from chalicelib.work import hits
from chalicelib.work.world import World

recipients = Blueprint(__name__)

# A transparent GIF of one pixel (GIF89a).
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

SCHEMES = frozenset({"http", "https", "ftp"})
MAX_SEAL = 40
MAX_FORM = 10_000
FORM = "application/x-www-form-urlencoded"

PRIVATE: Mapping[str, str] = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
PAGE: Mapping[str, str] = {
    **PRIVATE,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
# The letter is what somebody wrote: no script, no form, no plug-in, and an origin of its own.
LETTER: Mapping[str, str] = {
    **PRIVATE,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; img-src http: https: data:; media-src http: https:; font-src http: https: data:; "
        "style-src 'unsafe-inline' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    ),
}

View = Callable[..., Response]


def public(method: str, path: str) -> Callable[[View], View]:
    """Registers a view for anyone: any content type or none; our own failure becomes a plain page and a log line."""

    def register(view: View) -> View:
        @functools.wraps(view)
        def answered(**values: str) -> Response:
            try:
                return view(**values)
            except Exception as error:  # noqa: BLE001  # the edge: a recipient gets a page whatever broke
                request = recipients.current_request
                failure("request failed", error, route=f"{request.method} {request.path}")
                return _page("broken", 503)

        recipients.route(path, methods=[method], content_types=[])(answered)
        return view

    return register


@public("GET", "/o/{token}")
def pixel(token: str) -> Response:
    """Always the picture: a broken one in somebody's letter helps nobody."""
    if _tracked(token) is not None:
        _log("opened", token)
    return Response(PIXEL, {**PRIVATE, "Content-Type": "image/gif"})


@public("GET", "/c/{token}/{link}")
def click(token: str, link: str) -> Response:
    """302 to the link's target. The hit is written first: whoever is sent on has been counted."""
    tracked = _tracked(token)
    number = int(link) if link.isascii() and link.isdecimal() and len(link) <= len("65535") else None
    target = _target(tracked, token, number) if tracked is not None and number is not None else ""
    if not target or urlsplit(target).scheme.lower() not in SCHEMES:
        return _page("lost", 404)
    _log("clicked", token, number)
    return Response("", {**PRIVATE, "Location": _for_header(target)}, 302)


@public("GET", "/c/{token}")
def cut_off(token: str) -> Response:  # noqa: ARG001  # whatever it says, the number of the link is missing
    return _page("lost", 404)


@public("GET", "/u/{token}")
def ask(token: str) -> Response:
    """A page with a button. Scanners follow every link, so following one changes nothing (RFC 8058 section 3.1)."""
    return _page("lost", 404) if _tracked(token) is None else _page("leave")


@public("POST", "/u/{token}")
def leave(token: str) -> Response:
    """Leaves at once, whatever the body says: the button, or one click (RFC 8058); `undo=1` comes back."""
    from chalicelib.work import leaving  # noqa: PLC0415  # the pixel and the click do not wait for it

    tracked = _tracked(token)
    if tracked is None:
        return _page("lost", 404)
    world = _world()
    if _undoes():
        return _page("back", released=leaving.come_back(world, tracked, world.now()))
    return _page("left", known=leaving.leave(world, tracked, world.now()))


@public("GET", "/w/{token}")
def web_version(token: str) -> Response:
    """The letter with this recipient's values. Reading it here is an open too, as in Mautic."""
    from chalicelib.work.viewing import web_version_of  # noqa: PLC0415  # as above

    tracked = _tracked(token)
    if tracked is None:
        return _page("lost", 404)
    html = web_version_of(_world(), tracked, token)
    if html is None:
        return _page("gone", 404)
    _log("opened", token)
    return Response(html, dict(LETTER))


def _side() -> RecipientSide:
    side: RecipientSide = _app().parts.recipient_side
    return side


def _world() -> World:
    world: World = _app().parts.world(time_left(_app().lambda_context))
    return world


def _app() -> Any:  # noqa: ANN401  # chalice knows its own class alone: ours is `api/http_api.py`
    return recipients.current_app


def _tracked(token: str) -> Tracked | None:
    return _side().signer.read(token)


def _target(tracked: Tracked, token: str, number: int) -> str:
    """From the revision's link table, or from the URL under its seal; "" where there is none."""
    links = _side().links.read(tracked.email, tracked.revision)
    if links is None or number >= len(links):
        return ""
    return links[number] or _sealed_target(token)


def _sealed_target(token: str) -> str:
    query: Mapping[str, str] = recipients.current_request.query_params or {}
    target, seal = query.get("u") or "", query.get("s") or ""
    return target if len(seal) <= MAX_SEAL and _side().signer.sealed(token, target, seal) else ""


def _for_header(target: str) -> str:
    """Nothing but printable ASCII may stand in a header; the rest travels percent-encoded (RFC 3987 section 3.1)."""
    return "".join(
        each if "!" <= each <= "~" else "".join(f"%{byte:02X}" for byte in each.encode("utf-8", "replace"))
        for each in target
    )


def _undoes() -> bool:
    """Our own form alone says so: what a mailbox provider posts never does."""
    request = recipients.current_request
    if not (request.headers.get("content-type") or "").lower().startswith(FORM):
        return False
    raw = request.raw_body[:MAX_FORM]
    fields = parse_qs(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"))
    return fields.get("undo") == ["1"]


def _log(kind: Literal["opened", "clicked"], token: str, link: int | None = None) -> None:
    """One write of one line, so that the lines of two threads never mix."""
    side, request = _side(), recipients.current_request
    agent = hits.agent_of(request.headers.get("user-agent") or "")
    hit = hits.Hit(side.new_id(), kind, token, side.now(), link=link, agent=agent, method=_method(request))
    sys.stdout.write(hits.line(hit) + "\n")
    sys.stdout.flush()


def _method(request: Any) -> str:  # noqa: ANN401  # chalice's own types are Any
    """HEAD is served as GET, and told apart here: scanners send it, people do not."""
    method: str = request.context.get("originalMethod") or request.method
    return method[:10]


def _page(name: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  # whatever a template shows
    from chalicelib.console.pages import page  # noqa: PLC0415  # Jinja2 is not for the pixel and the click

    return Response(page(name, **values), dict(PAGE), status)
