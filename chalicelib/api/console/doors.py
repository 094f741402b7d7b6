"""How the console's pages are registered: `shows` for what is looked at, `changes` for what a form does.

Whoever is not signed in is sent to where one signs in. A change proves that it comes from our own page, and is noted in
the audit log. What the caller can mend is said on a page, or in the form itself where `again` shows it.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from chalice import Blueprint, Response

from chalicelib.api.answers import STATUS
from chalicelib.api.console.browser import Browser, browser_of, refuse_strangers
from chalicelib.api.console.visit import SESSION, Visit, redirect
from chalicelib.api.context import time_left
from chalicelib.api.keys import setting_actors
from chalicelib.api.routes import deed, named
from chalicelib.log import failure
from chalicelib.model.errors import Fault, Forbidden
from chalicelib.model.ids import is_id
from chalicelib.work import auditing, sessions, workspaces
from chalicelib.work.permitting import acting
from chalicelib.work.world import World

SIGN_IN = "/console/sign-in"
CHANGE_FIELD, CHANGE_HEADER = "change", "x-change"

View = Callable[..., Response]
Meet = Callable[[Visit, Fault], Response]


def shows(blueprint: Blueprint, path: str) -> Callable[[View], View]:
    """A page: the view takes the Visit and the path's parameters; those called `..._id` are ids."""

    def register(view: View) -> View:
        def answered(visit: Visit, **values: str) -> Response:
            return view(visit, **named(values))

        _registered(blueprint, "GET", path, view, _signed_in(answered))
        return view

    return register


def changes(
    blueprint: Blueprint, path: str, *, again: View | None = None, audited: bool = True
) -> Callable[[View], View]:
    """What a form posts. `again` is the view that shows the form: with what was typed, and with the fault."""

    def register(view: View) -> View:
        def answered(visit: Visit, **values: str) -> Response:
            _prove(visit)
            try:
                said = view(visit, **named(values))
            except Fault as fault:
                if again is None or isinstance(fault, Forbidden):
                    raise
                return again(replace(visit, fault=fault), **values)
            if audited:
                auditing.note(visit.world, deed(view), " ".join(values.values()) or _led_to(said))
            return said

        _registered(blueprint, "POST", path, view, _signed_in(answered))
        return view

    return register


def open_door(blueprint: Blueprint, method: str, path: str) -> Callable[[View], View]:
    """For whoever is not signed in, or may not be: the visit has an actor where they are."""

    def register(view: View) -> View:
        def answered(visit: Visit, **values: str) -> Response:
            if method == "POST":
                refuse_strangers(visit.browser, visit.world.base_url)
            return view(visit, **values)

        _registered(blueprint, method, path, view, answered)
        return view

    return register


def _signed_in(view: View) -> View:
    def answered(visit: Visit, **values: str) -> Response:
        return _to_sign_in(visit.browser) if visit.actor is None else view(visit, **values)

    return answered


def _registered(blueprint: Blueprint, method: str, path: str, view: View, answered: View) -> None:
    @functools.wraps(view)
    def met(**values: str) -> Response:
        try:
            visit = _visit(blueprint)
        except Fault as fault:
            return Response(fault.message, {"Content-Type": "text/plain; charset=utf-8"}, STATUS.get(type(fault), 400))
        try:
            return answered(visit, **values)
        except Fault as fault:
            return visit.page("fault", STATUS.get(type(fault), 400), met=fault)
        except Exception as error:  # noqa: BLE001  # the edge: whatever is not the caller's fault is ours
            request_id = secrets.token_hex(8)
            failure("request failed", error, request_id=request_id, route=f"{method} {path}")
            return visit.page("broken", 500, request_id=request_id)

    blueprint.route(path, methods=[method], content_types=[])(met)


def _visit(blueprint: Blueprint) -> Visit:
    app: Any = blueprint.current_app
    world: World = app.parts.world(time_left(app.lambda_context))
    browser = browser_of(blueprint, world.base_url)
    workspace = workspaces.read(world)
    settings = setting_actors(app.parts.settings.api_keys)
    signed = sessions.signed(world, browser.cookies.get(SESSION, ""), settings)
    if signed is None:
        return Visit(browser, world, workspace)
    return Visit(browser, acting(world, signed.actor), workspace, signed.actor, signed.session)


def _prove(visit: Visit) -> None:
    """Raises Forbidden for a change that is not of this session's own page."""
    refuse_strangers(visit.browser, visit.world.base_url)
    token = visit.browser.headers.get(CHANGE_HEADER) or visit.one(CHANGE_FIELD)
    if visit.session is None or not sessions.is_change_token(visit.world, visit.session, token):
        hint = "Open the page again and repeat it there; nothing was changed."
        raise Forbidden("This form belongs to another session.", hint=hint)


def _led_to(said: Response) -> str:
    """The id of what a form has made, to whose page it leads; "" where it leads to none."""
    address = said.headers.get("Location") or said.headers.get("HX-Redirect") or ""
    return next((part for part in urlsplit(str(address)).path.split("/") if is_id(part)), "")


def _to_sign_in(browser: Browser) -> Response:
    """Back to where they wanted to go once they are in; a form that was posted is not repeated: back to its page."""
    asked = f"{browser.path}?{urlencode(browser.query)}" if browser.query else browser.path
    if browser.method != "GET":
        came = urlsplit(browser.headers.get("referer", ""))
        asked = f"{came.path}?{came.query}" if came.query else came.path
    wanted = f"?to={quote(asked)}" if asked and not browser.partial else ""
    return redirect(browser, f"{SIGN_IN}{wanted}")
