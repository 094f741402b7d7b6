"""The preview in the editor: the draft as somebody would get it, in a frame that runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.browser import packed
from chalicelib.api.console.doors import shows
from chalicelib.api.console.visit import SAFE, Headers, Visit
from chalicelib.model.errors import Fault
from chalicelib.work import contacts, definitions, previewing
from chalicelib.work.offered_tokens import ALWAYS
from chalicelib.work.permitting import require
from chalicelib.work.previewing import Somebody

blueprint = Blueprint(__name__)

MOST_FOUND = 8
MADE_UP = "made."
# The letter in its frame: its own styles and pictures, no script, and no way out of the frame.
LETTER = (
    "default-src 'none'; style-src 'unsafe-inline' https:; img-src 'self' https: http: data:; font-src https: data:; "
    "sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@shows(blueprint, "/emails/{email_id}/edit/preview")
def preview(visit: Visit, email_id: str) -> Response:
    """The part of the page with the head of the letter and its frame. The frame asks for the same once more."""
    require(visit.world, "editor")
    query = visit.browser.query
    try:
        seen = previewing.preview(visit.world, email_id, somebody(query))
    except Fault as fault:
        return visit.page("editor/preview", met=fault, seen=None, email_id=email_id, query={})
    return visit.page("editor/preview", met=None, seen=seen, email_id=email_id, query=_kept(query))


@shows(blueprint, "/emails/{email_id}/edit/letter")
def letter(visit: Visit, email_id: str) -> Response:
    """The letter itself, light or dark, for a frame."""
    require(visit.world, "editor")
    query = visit.browser.query
    try:
        shown = previewing.looked_at(visit.world, email_id, somebody(query), dark=query.get("scheme") == "dark")
    except Fault as fault:
        return visit.page("emails/unshown", met=fault)
    headers: Headers = {**SAFE, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": LETTER}
    return packed(visit.browser, Response(shown, headers))


@shows(blueprint, "/emails/{email_id}/edit/whom")
def whom(visit: Visit, email_id: str) -> Response:  # noqa: ARG001  # the path's
    """Contacts whose address or name begins so: choices of a field."""
    require(visit.world, "editor")
    search = visit.browser.query.get("whom", "").strip()
    found, _ = contacts.page(visit.world, MOST_FOUND, None, search) if search else ([], None)
    return visit.page("editor/whom", contacts=found)


def made_up_fields(visit: Visit) -> list[tuple[str, str]]:
    """What a made-up contact may have: alias and label."""
    known = {alias: each.label for alias, each in definitions.by_alias(visit.world).items() if not each.retired}
    return [(alias, known.get(alias, "")) for alias in dict.fromkeys((*ALWAYS, *known))]


def somebody(given: Mapping[str, str]) -> Somebody:
    """`whom` is a contact's id or address; without it `made.<alias>` are the fields of one who is made up."""
    who = given.get("whom", "").strip()
    if who:
        return Somebody(contact_id=who)
    fields: dict[str, Any] = {
        name.removeprefix(MADE_UP): value.strip()
        for name, value in given.items()
        if name.startswith(MADE_UP) and value.strip()
    }
    return Somebody(contact=fields) if fields else Somebody()


def _kept(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value and (name in ("whom", "scheme") or MADE_UP in name)}
