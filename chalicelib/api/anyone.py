"""What all addresses that need no key share: how they are registered, what their answers carry, the recipient's side.

A token that is not ours gets a plain page: never a 500, never a redirect, never a change.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from chalice import Blueprint, Response

from chalicelib.console.catalogue import accepted, chosen
from chalicelib.log import failure
from chalicelib.model.token import UNTRACKED, Tracked
from chalicelib.wiring import RecipientSide

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

View = Callable[..., Response]


def public(blueprint: Blueprint, method: str, path: str) -> Callable[[View], View]:
    """Registers a view for anyone: any content type or none; our own failure becomes a plain page and a log line."""

    def register(view: View) -> View:
        @functools.wraps(view)
        def answered(**values: str) -> Response:
            try:
                return view(**values)
            except Exception as error:  # noqa: BLE001  # the edge: a recipient gets a page whatever broke
                request = blueprint.current_request
                failure("request failed", error, route=f"{request.method} {request.path}")
                return plain_page("broken", 503, request.headers.get("accept-language") or "")

        blueprint.route(path, methods=[method], content_types=[])(answered)
        return view

    return register


def side_of(blueprint: Blueprint) -> RecipientSide:
    """Keys and link tables, made without any AWS client."""
    side: RecipientSide = parts_of(blueprint).recipient_side
    return side


def parts_of(blueprint: Blueprint) -> Any:  # noqa: ANN401  # `context.Parts`; chalice knows its own class alone
    app: Any = blueprint.current_app
    return app.parts


def tracked_by(blueprint: Blueprint, token: str) -> Tracked | None:
    return side_of(blueprint).signer.read(token)


def nobodys(blueprint: Blueprint, token: str) -> Response:
    """The page for a token that is none: it says so, or that the letter was a test or a preview."""
    name, status = ("tried", 200) if token == UNTRACKED else ("lost", 404)
    return plain_page(name, status, blueprint.current_request.headers.get("accept-language") or "")


def plain_page(name: str, status: int = 200, languages: str = "") -> Response:
    """A page that says nothing of anybody and looks like nobody's, in a language of this Accept-Language header."""
    from chalicelib.console.pages import page  # noqa: PLC0415  # Jinja2 is not for the pixel and the click

    return Response(page(name, chosen(accepted(languages))), dict(PAGE), status)
