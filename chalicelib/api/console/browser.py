"""What a browser's request says: its cookies and form, whether a page of ours sent it, and how its answer is packed."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from chalice import Blueprint, Response

from chalicelib.api.console import multipart
from chalicelib.api.console.multipart import Parts
from chalicelib.api.reader import FORM, body_of
from chalicelib.model.errors import Forbidden, TooLarge
from chalicelib.model.importing import MAX_BODY

MAX_FORM = 2 * 1024 * 1024
MAX_FIELDS = 2_000
WORTH_PACKING = 1_000
PLACE = "/console"
YEAR_S = 365 * 24 * 3_600

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Browser:
    """Header names in lower case; `query` has each name's first value; `secure` where we are reached by https. `files`
    are those that a form brought: field -> (name, bytes).
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    cookies: Mapping[str, str]
    form: Posted
    secure: bool
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def partial(self) -> bool:
        """Whether htmx asks, for a part of a page."""
        return self.headers.get("hx-request") == "true"

    def same_site(self, base_url: str) -> bool:
        """Whether a page of ours sent it: by its Origin, or where there is none, by what the browser says of it."""
        origin = self.headers.get("origin")
        if origin is None:
            return self.headers.get("sec-fetch-site") == "same-origin"
        own = (self.headers.get("host", ""), urlsplit(base_url).netloc)
        return urlsplit(origin).netloc in own and origin != "null"


def browser_of(blueprint: Blueprint, base_url: str) -> Browser:
    """Raises TooLarge for a form that is longer than any of ours."""
    request: Any = blueprint.current_request
    headers = {name.lower(): str(value) for name, value in dict(request.headers).items()}
    params = request.query_params or {}
    sent = _sent(blueprint, headers) if request.method == "POST" else Parts()
    return Browser(
        method=request.method,
        path=_path(request.path, request.uri_params or {}),
        headers=headers,
        query={name: params[name] for name in params},
        cookies=_cookies(headers.get("cookie", "")),
        form=sent.fields,
        secure=base_url.startswith("https") or headers.get("x-forwarded-proto") == "https",
        files=sent.files,
    )


def _path(pattern: str, values: Mapping[str, str]) -> str:
    """Chalice tells the route's pattern alone."""
    for name, value in values.items():
        pattern = pattern.replace(f"{{{name}}}", quote(value))
    return pattern


def cookie(name: str, value: str, seconds: int, *, secure: bool, hidden: bool = True) -> str:
    """`hidden` from scripts. A link in a mail must find its reader signed in, so Lax and not Strict: what changes
    anything proves besides that it comes from our own page.
    """
    parts = [f"{name}={value}", f"Path={PLACE}", f"Max-Age={seconds}", "SameSite=Lax"]
    return "; ".join(parts + ["HttpOnly"] * hidden + ["Secure"] * secure)


def packed(browser: Browser, answer: Response) -> Response:
    """Compressed where the browser takes it: an HTTP API does not do it."""
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    if len(body) < WORTH_PACKING or "gzip" not in browser.headers.get("accept-encoding", ""):
        return answer
    headers = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(gzip.compress(body, 6, mtime=0), headers, answer.status_code)


def refuse_strangers(browser: Browser, base_url: str) -> None:
    """Raises Forbidden for a change that no page of ours sent."""
    if not browser.same_site(base_url):
        raise Forbidden(
            "This did not come from a page of the console.", hint="Open the page again and repeat it there."
        )


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _sent(blueprint: Blueprint, headers: Mapping[str, str]) -> Parts:
    raw, kind = body_of(blueprint), headers.get("content-type", "")
    if kind.lower().startswith(multipart.KIND):
        _refuse_larger(raw, MAX_BODY + MAX_FORM)
        return multipart.parts_of(kind, raw)
    return Parts(_form(raw)) if kind.lower().startswith(FORM) else Parts()


def _refuse_larger(raw: bytes, most: int) -> None:
    if len(raw) > most:
        raise TooLarge(f"The form has {len(raw)} bytes.", field="form", hint=f"At most {most} bytes are taken here.")


def _form(raw: bytes) -> Posted:
    _refuse_larger(raw, MAX_FORM)
    try:
        return parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise TooLarge("The form has too many fields.", field="form", hint=f"At most {MAX_FIELDS}.") from None
