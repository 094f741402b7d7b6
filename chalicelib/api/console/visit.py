"""A visit: somebody signed in who asks for a page of the console, or posts a form of one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
from chalice import Response

from chalicelib.api.answers import STATUS
from chalicelib.api.anyone import PRIVATE
from chalicelib.api.console.browser import YEAR_S, Browser, cookie, packed
from chalicelib.api.routes import MAX_CURSOR
from chalicelib.console.catalogue import accepted
from chalicelib.console.words import chosen, languages
from chalicelib.model.actor import SYSTEM, Actor
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.session import Session
from chalicelib.model.workspace import Workspace
from chalicelib.model.zones import known_zones
from chalicelib.work import sessions
from chalicelib.work.world import World

if TYPE_CHECKING:
    from chalicelib.console.frame import Frame

SESSION, FLASH = "envoi_session", "envoi_flash"
LANGUAGE, THEME, ZONE = "envoi_language", "envoi_theme", "envoi_zone"
THEMES = ("light", "dark")
FLASH_S = 60
MAX_FLASH = 2_000
ROWS = 25
MOST_DIGITS = 15

# No answer says where it came from to others; to our own pages it does, or their forms would have no Origin.
SAFE: Mapping[str, str] = {**PRIVATE, "Referrer-Policy": "same-origin"}

# Of every page, by directive: scripts and styles of ours alone, nothing inline, no frames of us.
POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "{files}",
    "style-src": "{files}",
    "img-src": "'self' {pictures} data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
STRICT: Mapping[str, str] = MappingProxyType({})

Headers = dict[str, "str | list[str]"]


@dataclass(frozen=True, slots=True)
class Visit:
    """`world` is the one that this actor may change. `fault` is why the form that was posted could not be taken: the
    page that shows the form again says so.
    """

    browser: Browser
    world: World
    workspace: Workspace
    actor: Actor | None = None
    session: Session | None = None
    fault: Fault | None = None

    def page(
        self, name: str, status: int = 200, /, *, policy: Mapping[str, str] = STRICT, **values: object
    ) -> Response:
        """`console/templates/<name>.html`. Where a form could not be taken the status is the fault's. `policy` has the
        directives of a page's content security policy that are not those of every page.
        """
        from chalicelib.console import frame  # noqa: PLC0415  # Jinja2 is not for the pixel and the click

        said = self.browser.cookies.get(FLASH)
        headers: Headers = {**SAFE, "Content-Type": "text/html; charset=utf-8", **self._policy(policy)}
        if said and not self.browser.partial:
            headers["Set-Cookie"] = [cookie(FLASH, "", 0, secure=self.browser.secure)]
        body = frame.page(name, self._frame(said), posted=self.browser.form, fault=self.fault, **values)
        status = STATUS.get(type(self.fault), 400) if self.fault is not None else status
        return packed(self.browser, Response(body, headers, status))

    def go(self, address: str, said: str = "", /, **named: object) -> Response:
        """To another page, which says how it went: `said` names the words, `named` are their values."""
        cookies = [self._flash(said, named)] if said else []
        return redirect(self.browser, address, cookies)

    def fresh(self) -> Visit:
        """As if nothing had been posted: for a page that a form leads to."""
        return replace(self, browser=replace(self.browser, form={}))

    def one(self, name: str) -> str:
        """The form's first value of this name, without blanks around it; "" for none."""
        return next(iter(self.browser.form.get(name, ())), "").strip()

    def many(self, name: str) -> list[str]:
        return [each for each in self.browser.form.get(name, ()) if each]

    def file(self, name: str) -> tuple[str, bytes]:
        """What the chosen file is called, and what is in it. Raises Invalid where none was chosen."""
        called, body = self.browser.files.get(name, ("", b""))
        if not called:
            raise Invalid(name, "", "Choose a file first.")
        return called, body

    def whole(self, name: str) -> int | None:
        """The form's whole number of this name; None where the field is empty."""
        text = self.one(name)
        return whole(name, text) if text else None

    @property
    def drawer(self) -> sessions.Drawer:
        """Of whoever is signed in."""
        return sessions.drawer(self.world, self.actor or SYSTEM)

    @property
    def cursor(self) -> str | None:
        text = self.browser.query.get("cursor") or None
        if text is not None and len(text) > MAX_CURSOR:
            raise Invalid("cursor", text, "Begin again at the list's first page.")
        return text

    @property
    def language(self) -> str:
        header = self.browser.headers.get("accept-language", "")
        return chosen((self.browser.cookies.get(LANGUAGE, ""), *accepted(header), self.workspace.language))

    @property
    def zone(self) -> str:
        """The browser's, which its first page tells us by a cookie; until then the workspace's."""
        return known_zones().get(self.browser.cookies.get(ZONE, "").lower(), self.workspace.zone)

    def _frame(self, flash: str | None) -> Frame:
        from chalicelib.console.frame import Frame  # noqa: PLC0415  # as above

        theme = self.browser.cookies.get(THEME, "")
        return Frame(
            language=self.language,
            zone=self.zone,
            theme=theme if theme in THEMES else "",
            files=self.world.bucket_url,
            workspace=self.workspace.name,
            here=self.browser.path,
            further=bool(self.browser.query.get("cursor")),
            actor=self.actor,
            change=sessions.change_token(self.world, self.session) if self.session else "",
            flash=_unwrapped(flash or ""),
        )

    def _policy(self, own: Mapping[str, str]) -> dict[str, str]:
        places = {"files": f"{self.world.bucket_url}/public/console/", "pictures": f"{self.world.bucket_url}/public/"}
        lines = (f"{name} {sources.format(**places)}" for name, sources in {**POLICY, **own}.items())
        return {"Content-Security-Policy": "; ".join(lines)}

    def _flash(self, said: str, named: Mapping[str, object]) -> str:
        text = base64.urlsafe_b64encode(msgspec.json.encode([said, named])).decode().rstrip("=")
        return cookie(FLASH, text[:MAX_FLASH], FLASH_S, secure=self.browser.secure)


def whole(place: str, text: str) -> int:
    """The whole number that was typed there. Raises Invalid for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise Invalid(place, text, "Give a whole number.")
    return int(text)


def redirect(browser: Browser, address: str, cookies: list[str] | None = None) -> Response:
    """For htmx by its own header, since it would follow another one within the page."""
    headers: Headers = {**SAFE}
    if cookies:
        headers["Set-Cookie"] = cookies
    if browser.partial:
        return Response("", {**headers, "HX-Redirect": address}, 200)
    return Response("", {**headers, "Location": address}, 303)


def look_cookies(browser: Browser, language: str, theme: str) -> list[str]:
    """Kept for a year; another value than these changes nothing."""
    wanted = []
    if language in languages():
        wanted.append(cookie(LANGUAGE, language, YEAR_S, secure=browser.secure))
    if theme in (*THEMES, "system"):
        kept = (theme, YEAR_S) if theme in THEMES else ("", 0)
        wanted.append(cookie(THEME, *kept, secure=browser.secure))
    return wanted


def _unwrapped(text: str) -> tuple[str, dict[str, Any]] | None:
    """What `_flash` wrote; None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        said, named = msgspec.json.decode(raw, type=tuple[str, dict[str, str | int]])
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        return None
    return said, named
