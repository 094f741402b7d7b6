"""Who reads a public page: in which language, how the workspace looks there, and where their word comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalice import Blueprint, Response

from chalicelib.api.anyone import PAGE, parts_of
from chalicelib.api.context import time_left
from chalicelib.console.catalogue import accepted, catalogue, chosen
from chalicelib.model.agents import client_of, device_of
from chalicelib.model.consent import Source
from chalicelib.model.contact import Contact
from chalicelib.model.family import LOCALE
from chalicelib.model.message import MessageKey
from chalicelib.model.networks import shortened
from chalicelib.model.workspace import Workspace, page_wording
from chalicelib.work import looks, workspaces
from chalicelib.work.consenting import Visit
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

MAX_FORM = 32_000
MAX_FIELDS = 300
FORM = "application/x-www-form-urlencoded"
POLICY = "Content-Security-Policy"
SELF = "form-action 'self'"

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`contact` is None for somebody whom we do not know, or know no more. `visit` goes into the consent history."""

    world: World
    workspace: Workspace
    contact: Contact | None
    language: str
    visit: Visit

    @property
    def words(self) -> Mapping[str, str]:
        return catalogue(self.language)

    def page(self, name: str, status: int = 200, *, leads_to: Sequence[str] = (), **values: object) -> Response:
        """`recipients/<name>.html`. Its forms may lead to these addresses too (a form's own redirect)."""
        from chalicelib.console.pages import page  # noqa: PLC0415  # Jinja2 is not for the pixel and the click

        look = looks.look(self.workspace)
        headers: dict[str, str | list[str]] = {**PAGE, POLICY: _policy(look.logo_url, leads_to)}
        own = page_wording(self.workspace, self.language)
        return Response(page(name, self.language, look, own, **values), headers, status)


def reader_of(
    blueprint: Blueprint,
    contact_id: str = "",
    *,
    message: MessageKey | None = None,
    source: Source = "letter",
    wished: str = "",
) -> Reader:
    """The language is the contact's, else the browser's, else the workspace's; what is `wished` goes before."""
    app: Any = blueprint.current_app
    world: World = app.parts.world(time_left(app.lambda_context))
    workspace, contact = workspaces.read(world), survivor(world, contact_id) if contact_id else None
    own = str(contact.fields.get(LOCALE) or "") if contact else ""
    header = blueprint.current_request.headers.get("accept-language") or ""
    language = chosen((wished, own, *accepted(header), workspace.language))
    return Reader(world, workspace, contact, language, _visit(blueprint, source, language, message))


def posted(blueprint: Blueprint) -> Posted:
    """The fields of our own forms; none where the body is of another kind or too long."""
    text = body_of(blueprint).decode("utf-8", "replace")
    if not _kind(blueprint).startswith(FORM) or len(text) > MAX_FORM:
        return {}
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:  # more fields than any of our forms has
        return {}


def body_of(blueprint: Blueprint) -> bytes:
    raw = blueprint.current_request.raw_body
    return raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw


def one(fields: Posted, name: str) -> str:
    """The field's first value, "" for none."""
    return next(iter(fields.get(name, ())), "")


def _kind(blueprint: Blueprint) -> str:
    return str(blueprint.current_request.headers.get("content-type") or "").lower()


def _visit(blueprint: Blueprint, source: Source, language: str, message: MessageKey | None) -> Visit:
    request, keeps = blueprint.current_request, parts_of(blueprint).settings.keep_addresses
    agent = (request.headers.get("user-agent") or "")[:500]
    address = request.context.get("identity", {}).get("sourceIp") or ""
    kind = f"{client_of(agent)} {device_of(agent, 'clicked')}".strip()
    return Visit(source, shortened(address) if keeps else "", kind, language, message)


def _policy(logo_url: str, leads_to: Sequence[str]) -> str:
    """The plain page's, and the workspace's logo beside it."""
    actions = " ".join([SELF, *filter(None, map(_origin, leads_to))])
    pictures = _origin(logo_url) or "'none'"
    return f"{PAGE[POLICY].replace(SELF, actions)}; img-src {pictures}"


def _origin(url: str) -> str:
    """Scheme and host as a content security policy takes them; "" where there is none."""
    parts = urlsplit(url)
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return ""
    return f"{parts.scheme}://{host}{port}" if host else ""
