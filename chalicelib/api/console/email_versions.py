"""The versions of an e-mail: what was published when and by whom, what changed, and bringing one back."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.api.email_versions import whole
from chalicelib.model.email import Email
from chalicelib.work import emails, versions

blueprint = Blueprint(__name__)

DRAFT = "draft"


@shows(blueprint, "/emails/{email_id}/versions")
def index(visit: Visit, email_id: str) -> Response:
    """What changed from `from` to `to`, each a number or the draft: from the last version to the draft unless said."""
    draft = emails.read(visit.world, email_id)
    found, cursor = versions.page(visit.world, email_id, ROWS, visit.cursor)
    query = visit.browser.query
    last = str(found[0].number) if found else DRAFT
    old, new = query.get("from") or last, query.get("to") or DRAFT
    before, after = _of(visit, draft, old), _of(visit, draft, new)
    return visit.page(
        "emails/versions",
        email=draft,
        versions=found,
        next=cursor,
        old=old,
        new=new,
        changes=versions.changes(before, after),
    )


@changes(blueprint, "/emails/{email_id}/versions/{number}/bring-back")
def bring_back(visit: Visit, email_id: str, number: str) -> Response:
    versions.bring_back(visit.world, email_id, whole(number), visit.whole("version"))
    return visit.go(f"/console/emails/{email_id}/edit", "editor.brought-back", number=number)


def _of(visit: Visit, draft: Email, name: str) -> Email:
    return draft if name == DRAFT else versions.read(visit.world, draft.id, whole(name)).email
