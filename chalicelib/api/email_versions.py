"""`/v1/emails/{id}/versions`: what was published, what changed, and bringing one back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalice import Blueprint

from chalicelib.api.answers import page
from chalicelib.api.emails import shown
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.errors import Invalid
from chalicelib.model.version import Version
from chalicelib.work import emails, versions

blueprint = Blueprint(__name__)

MOST_DIGITS = 5


@route(blueprint, "GET", "/emails/{email_id}/versions")
def index(call: Call, email_id: str) -> object:
    found, cursor = versions.page(call.world, email_id, call.limit, call.cursor)
    return page([_listed(each) for each in found], cursor)


@route(blueprint, "GET", "/emails/{email_id}/versions/{number}")
def read(call: Call, email_id: str, number: str) -> object:
    """With all that was written, and what the draft has otherwise by now."""
    version = versions.read(call.world, email_id, whole(number))
    found = versions.changes(version.email, emails.read(call.world, email_id))
    return _listed(version) | {"email": shown(version.email), "changed_since": [asdict(each) for each in found]}


@route(blueprint, "POST", "/emails/{email_id}/versions/{number}/bring-back")
def bring_back(call: Call, email_id: str, number: str) -> object:
    """The e-mail, its draft that of the version; publish it to send it."""
    return shown(versions.bring_back(call.world, email_id, whole(number), call.expected))


def whole(number: str) -> int:
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS):
        raise Invalid("number", number, "Give the number of a version: GET /v1/emails/{id}/versions lists them.")
    return int(number)


def _listed(version: Version) -> dict[str, Any]:
    email = version.email
    return {
        "number": version.number,
        "published_at": iso(email.published_at),
        "by": version.by,
        "subject": email.subject,
    }
