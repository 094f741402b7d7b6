"""`/v1/emails`: write, edit, publish; who is pending, and what came back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import ASKS, Call, route
from chalicelib.api.times import iso
from chalicelib.api.whens import moment
from chalicelib.model.email import Email, Variation, Wait
from chalicelib.model.errors import NotFound
from chalicelib.model.pending import PendingCount
from chalicelib.work import cloning, editions, emails, pending, stats

blueprint = Blueprint(__name__)


class Draft(msgspec.Struct, forbid_unknown_fields=True):
    """`segments` and `exclude` are the defaults of its broadcasts."""

    kind: Literal["segment", "template"]
    name: str
    subject: str
    from_address: str
    from_name: str = ""
    reply_to: str = ""
    preheader: str = ""
    html: str = ""
    text: str = ""
    mjml: str = ""
    inline_css: bool = False
    language: str = ""
    theme: str = ""
    values: dict[str, Any] = {}
    category: str = ""
    segments: list[str] = []
    exclude: list[str] = []
    headers: dict[str, str] = {}
    utm: dict[str, str] = {}
    bcc: list[str] = []
    from_owner: bool = False
    attachments: list[str] = []
    blocks: list[dict[str, Any]] = []
    public_preview: bool = False
    translation_of: str = ""
    variant_of: str = ""
    weight: int = 0
    test: dict[str, Any] | None = None
    publish_up: str | None = None
    publish_down: str | None = None
    over_cap: Wait = "skip"
    quiet_hours: Wait = "later"


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """With `version` the change is refused where the e-mail has another by now."""

    kind: Literal["segment", "template"] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET
    from_address: str | UnsetType = UNSET
    from_name: str | UnsetType = UNSET
    reply_to: str | UnsetType = UNSET
    preheader: str | UnsetType = UNSET
    html: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    mjml: str | UnsetType = UNSET
    inline_css: bool | UnsetType = UNSET
    language: str | UnsetType = UNSET
    theme: str | UnsetType = UNSET
    category: str | UnsetType = UNSET
    segments: list[str] | UnsetType = UNSET
    exclude: list[str] | UnsetType = UNSET
    headers: dict[str, str] | UnsetType = UNSET
    utm: dict[str, str] | UnsetType = UNSET
    bcc: list[str] | UnsetType = UNSET
    from_owner: bool | UnsetType = UNSET
    attachments: list[str] | UnsetType = UNSET
    blocks: list[dict[str, Any]] | UnsetType = UNSET
    public_preview: bool | UnsetType = UNSET
    translation_of: str | UnsetType = UNSET
    variant_of: str | UnsetType = UNSET
    weight: int | UnsetType = UNSET
    test: dict[str, Any] | UnsetType | None = UNSET
    publish_up: str | UnsetType | None = UNSET
    publish_down: str | UnsetType | None = UNSET
    over_cap: Wait | UnsetType = UNSET
    quiet_hours: Wait | UnsetType = UNSET
    version: int | None = None


class Clone(msgspec.Struct, forbid_unknown_fields=True):
    """Without a `name` it is the other's, marked as a copy."""

    name: str | None = None


class NewEdition(msgspec.Struct, forbid_unknown_fields=True):
    """Without a `name` it is the first e-mail's, and that it is a copy. `subjects` are those of translations and
    variants, by their ids in the first e-mail's family.
    """

    subject: str
    name: str | None = None
    subjects: dict[str, str] = {}


@route(blueprint, "POST", "/emails")
def create(call: Call) -> Response:
    """With a `theme` and no source of its own it begins as what the theme makes of the `values`."""
    draft, cautions = emails.begun(call.world, _timed(call, msgspec.structs.asdict(call.decoded(Draft))))
    warnings = {"warnings": [asdict(each) for each in cautions]} if draft["theme"] else {}
    return answer(shown(emails.create(call.world, draft)) | warnings, 201)


@route(blueprint, "GET", "/emails")
def index(call: Call) -> object:
    items, cursor = emails.page(call.world, call.limit, call.cursor)
    return page([_listed(email) for email in items], cursor)


@route(blueprint, "GET", "/emails/{email_id}")
def read(call: Call, email_id: str) -> object:
    return shown(emails.read(call.world, email_id))


@route(blueprint, "PATCH", "/emails/{email_id}")
def update(call: Call, email_id: str) -> object:
    changes, version = call.changes(Changes)
    return shown(emails.update(call.world, email_id, _timed(call, changes), version))


@route(blueprint, "DELETE", "/emails/{email_id}")
def delete(call: Call, email_id: str) -> Response:
    emails.delete(call.world, email_id, call.expected)
    return empty()


@route(blueprint, "POST", "/emails/{email_id}/clone")
def clone(call: Call, email_id: str) -> Response:
    return answer(shown(cloning.clone(call.world, email_id, call.decoded(Clone).name)), 201)


@route(blueprint, "POST", "/emails/{email_id}/publish")
def publish(call: Call, email_id: str) -> object:
    published = emails.publish(call.world, email_id)
    return shown(published.email) | {
        "warnings": [asdict(each) for each in published.warnings],
        "findings": [asdict(each) for each in published.findings],
    }


@route(blueprint, "POST", "/emails/{email_id}/editions")
def create_edition(call: Call, email_id: str) -> Response:
    """A draft like it with a new subject, for those who got it and did not open it."""
    given = call.decoded(NewEdition)
    return answer(shown(editions.create(call.world, email_id, given.subject, given.name, given.subjects)), 201)


@route(blueprint, "GET", "/emails/{email_id}/pending")
def read_pending(call: Call, email_id: str) -> object:
    email = emails.read(call.world, email_id)
    if email.edition_for:
        return editions.estimate(call.world, email)
    return pending.of_email(call.world, email_id)


@route(blueprint, "POST", "/emails/{email_id}/pending", ASKS)
def count_pending(call: Call, email_id: str) -> Response:
    """Begins an exact count, for segments that cannot be counted at once."""
    return answer(_counted(pending.pending_job(call.world, email_id)), 202)


@route(blueprint, "GET", "/emails/{email_id}/pending/{count_id}")
def read_count(call: Call, email_id: str, count_id: str) -> object:
    count = pending.read_job(call.world, count_id)
    if count.email != email_id:
        raise NotFound(f"The e-mail {email_id} has no count {count_id!r}.", field="id")
    return _counted(count)


@route(blueprint, "GET", "/emails/{email_id}/stats")
def read_stats(call: Call, email_id: str) -> object:
    return stats.of_email(call.world, email_id)


def shown(email: Email) -> dict[str, Any]:
    blocks = [asdict(block) | {"variations": list(map(_variation, block.variations))} for block in email.blocks]
    return _listed(email) | {"html": email.html, "mjml": email.mjml, "text": email.text, "blocks": blocks}


def _variation(variation: Variation) -> dict[str, Any]:
    return asdict(variation) | {"filter": msgspec.json.decode(variation.filter)}


def _counted(count: PendingCount) -> dict[str, Any]:
    """`pending` is what was found so far, and exact once the state is finished."""
    return {
        "id": count.id,
        "email": count.email,
        "state": count.state,
        "reason": count.reason,
        "pending": count.pending,
        "scanned": count.scanned,
        "exact": count.state == "finished",
        "created_at": iso(count.created_at),
        "finished_at": iso(count.finished_at),
    }


def _listed(email: Email) -> dict[str, Any]:
    """`revision` is null before the e-mail is published for the first time."""
    return {
        "id": email.id,
        "kind": email.kind,
        "name": email.name,
        "subject": email.subject,
        "from_address": email.from_address,
        "from_name": email.from_name,
        "reply_to": email.reply_to,
        "preheader": email.preheader,
        "inline_css": email.inline_css,
        "language": email.language,
        "theme": email.theme,
        "category": email.category or None,
        "segments": email.segments,
        "exclude": email.exclude,
        "headers": email.headers,
        "utm": email.utm,
        "bcc": email.bcc,
        "from_owner": email.from_owner,
        "attachments": email.attachments,
        "public_preview": email.public_preview,
        "family": email.family,
        "translation_of": email.translation_of or None,
        "variant_of": email.variant_of or None,
        "weight": email.weight,
        "test": email.test and asdict(email.test),
        "over_cap": email.over_cap,
        "quiet_hours": email.quiet_hours,
        "edition_of": email.edition_of or None,
        "edition_for": email.edition_for or None,
        "publish_up": iso(email.publish_up),
        "publish_down": iso(email.publish_down),
        "revision": email.revision or None,
        "version": email.version,
        "created_at": iso(email.created_at),
        "updated_at": iso(email.updated_at),
        "published_at": iso(email.published_at),
    }


def _timed(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """With times in epoch milliseconds."""
    texts = {name: given[name] for name in ("publish_up", "publish_down") if given.get(name) is not None}
    return given | {name: moment(call.world, name, text, None) for name, text in texts.items()}
