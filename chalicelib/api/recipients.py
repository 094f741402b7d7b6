"""Letters on the web: a recipient's own copy, and the public preview, for whoever has its link.

Leaving is in `leaving.py`, pixel and click in `hits.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api import hits
from chalicelib.api.anyone import PRIVATE, nobodys, plain_page, public, tracked_by
from chalicelib.api.context import time_left
from chalicelib.work.world import World

recipients = Blueprint(__name__)

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


@public(recipients, "GET", "/w/{token}")
def web_version(token: str) -> Response:
    """The letter as this recipient got it. Reading it here is an open too, as in Mautic, for whoever is tracked."""
    from chalicelib.work.viewing import web_version_of  # noqa: PLC0415  # the pixel and the click do not wait for it

    tracked = tracked_by(recipients, token)
    if tracked is None:
        return nobodys(recipients, token)
    view = web_version_of(_world(), tracked, token)
    if view is None:
        return plain_page("gone", 404, recipients.current_request.headers.get("accept-language") or "")
    if view.counts:
        hits.write(recipients, "opened", token)
    return Response(view.html, dict(LETTER))


@public(recipients, "GET", "/v/{email_id}/{seal}")
def public_preview(email_id: str, seal: str) -> Response:
    """The draft as nobody in particular would get it, while its `public_preview` is on."""
    from chalicelib.work.previewing import public_preview as shown  # noqa: PLC0415  # as above

    html = shown(_world(), email_id, seal)
    if html is None:
        return plain_page("unshown", 404, recipients.current_request.headers.get("accept-language") or "")
    return Response(html, dict(LETTER))


def _world() -> World:
    app: Any = recipients.current_app
    world: World = app.parts.world(time_left(app.lambda_context))
    return world
