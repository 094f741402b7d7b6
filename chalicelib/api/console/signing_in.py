"""Signing in to the console: by a link that is mailed or handed over, or by a key of the API. And out again."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON
from chalicelib.api.anyone import parts_of
from chalicelib.api.console.browser import cookie
from chalicelib.api.console.doors import changes, open_door, shows
from chalicelib.api.console.visit import SAFE, SESSION, Visit, look_cookies, redirect
from chalicelib.api.keys import holder
from chalicelib.console.words import said
from chalicelib.model.errors import Invalid
from chalicelib.model.session import Session
from chalicelib.work import auditing, sessions, signing_in
from chalicelib.work.built_in_letters import Words
from chalicelib.work.permitting import acting

blueprint = Blueprint(__name__)

HOME = "/console"
MAX_TO = 300
MAX_KEY = 200
SECOND_MS = 1_000


@open_door(blueprint, "GET", "/sign-in")
def ask(visit: Visit) -> Response:
    """Whoever is in already goes on."""
    if visit.actor is not None:
        return redirect(visit.browser, _wanted(visit.browser.query.get("to", "")))
    return _page(visit)


@open_door(blueprint, "POST", "/sign-in")
def answer(visit: Visit) -> Response:
    """By address: the answer is the same whether it is a member's or not. By key: at once."""
    if visit.one("key"):
        return _by_key(visit)
    to = _wanted(visit.one("to"))
    signing_in.ask(visit.world, visit.one("address"), visit.language, to if to != HOME else "")
    return visit.page("signing-in/sent", address=visit.one("address")[:254])


@open_door(blueprint, "GET", "/sign-in/{token}")
def follow(visit: Visit, token: str) -> Response:
    """A page with a button: what looks at links in mails must not use them up."""
    to = _wanted(visit.browser.query.get("to", ""))
    if visit.actor is not None:
        return redirect(visit.browser, to)
    return visit.page("signing-in/follow", token=token, to=to)


@open_door(blueprint, "POST", "/sign-in/{token}")
def enter(visit: Visit, token: str) -> Response:
    signed = sessions.enter(visit.world, token)
    return visit.page("signing-in/late", 403) if signed is None else _in(visit, signed, _wanted(visit.one("to")))


@shows(blueprint, "/session")
def session(visit: Visit) -> Response:
    """Whether one is signed in still, and what proves the forms of this session: a page asks before it sends one."""
    shown = {"change": sessions.change_token(visit.world, visit.session) if visit.session else ""}
    return Response(msgspec.json.encode(shown), {**SAFE, "Content-Type": JSON})


@changes(blueprint, "/sign-out", audited=False)
def leave(visit: Visit) -> Response:
    if visit.session is not None:
        sessions.sign_out(visit.world, visit.session)
    gone = cookie(SESSION, "", 0, secure=visit.browser.secure)
    return redirect(visit.browser, f"{HOME}/sign-in", [gone])


@open_door(blueprint, "POST", "/look")
def look(visit: Visit) -> Response:
    """Language and theme, of this browser alone."""
    cookies = look_cookies(visit.browser, visit.one("language"), visit.one("theme"))
    return redirect(visit.browser, _wanted(visit.one("to")), cookies)


def _by_key(visit: Visit) -> Response:
    key = visit.one("key")
    actor = holder(key, _digests(), lambda: visit.world) if len(key) <= MAX_KEY else None
    if actor is None:
        fault = Invalid("key", "…", "This key is not known here.")
        return _page(replace(visit, fault=fault))
    return _in(visit, sessions.Signed(sessions.begin(visit.world, actor), actor), _wanted(visit.one("to")))


def _digests() -> tuple[str, ...]:
    """Of the deployment's own keys."""
    digests: tuple[str, ...] = parts_of(blueprint).settings.api_keys
    return digests


def _in(visit: Visit, signed: sessions.Signed, address: str) -> Response:
    auditing.note(acting(visit.world, signed.actor), "signing_in.enter")
    text = sessions.cookie(visit.world, signed.session)
    kept = cookie(SESSION, text, _seconds(signed.session), secure=visit.browser.secure)
    return redirect(visit.browser, address, [kept])


def _seconds(session: Session) -> int:
    return (session.expires_at - session.created_at) // SECOND_MS


def _page(visit: Visit) -> Response:
    wanted = visit.browser.query.get("to", "") or visit.one("to")
    return visit.page("signing-in/ask", to=_wanted(wanted), can_write=signing_in.can_write(visit.world))


def _wanted(address: str) -> str:
    """An address of the console, and of nobody else's."""
    own = address == HOME or address.startswith((f"{HOME}/", f"{HOME}?"))
    return address if own and len(address) <= MAX_TO and address.isprintable() and "\\" not in address else HOME


def letter(language: str) -> Words:
    """What the letter with the link says."""

    def part(name: str) -> str:
        return said(language, f"signing-in.letter.{name}")

    return Words(language, part("subject"), (part("said"),), part("button"), (part("after"),))
