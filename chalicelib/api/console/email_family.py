"""An e-mail and what belongs to it: translations, variants and their test; and copies, which stand alone."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.email import GOALS, SplitTest
from chalicelib.model.errors import Conflict
from chalicelib.work import cloning, emails, families, relatives

blueprint = Blueprint(__name__)

BROADCASTS = 10


@shows(blueprint, "/emails/{email_id}/family")
def index(visit: Visit, email_id: str) -> Response:
    email = emails.read(visit.world, email_id)
    members = families.family(visit.world, email)
    root = members[0]
    found, _ = visit.world.broadcasts.of_email(root.id, BROADCASTS, None)
    return visit.page(
        "emails/family",
        email=email,
        root=root,
        members=members,
        left=100 - sum(each.weight for each in members if each.variant_of),
        test=root.test or SplitTest(),
        sealed=bool(found),
        tested=[each for each in found if each.has_variants],
        goals=[(each, said(visit.language, f"editor.goal.{each}")) for each in GOALS],
    )


@changes(blueprint, "/emails/{email_id}/clone", again=index)
def clone(visit: Visit, email_id: str) -> Response:
    made = cloning.clone(visit.world, email_id, visit.one("name") or None)
    return visit.go(f"/console/emails/{made.id}/edit", "editor.begun", name=made.name)


@changes(blueprint, "/emails/{email_id}/translations", again=index)
def translate(visit: Visit, email_id: str) -> Response:
    made = relatives.translate(visit.world, email_id, visit.one("language"))
    return visit.go(f"/console/emails/{made.id}/edit", "editor.begun", name=made.name)


@changes(blueprint, "/emails/{email_id}/variants", again=index)
def vary(visit: Visit, email_id: str) -> Response:
    made = relatives.vary(visit.world, email_id, visit.whole("weight"))
    return visit.go(f"/console/emails/{made.id}/edit", "editor.begun", name=made.name)


@changes(blueprint, "/emails/{email_id}/weight", again=index)
def weigh(visit: Visit, email_id: str) -> Response:
    email = emails.update(visit.world, email_id, {"weight": visit.whole("weight")})
    return visit.go(f"/console/emails/{email.family}/family", "frame.saved")


@changes(blueprint, "/emails/{email_id}/remove", again=index)
def remove(visit: Visit, email_id: str) -> Response:
    """Deletes a translation or variant."""
    email = emails.read(visit.world, email_id)
    if email.family == email.id:
        raise Conflict(
            "This e-mail is the original of its family.", hint="Its translations and variants are removed here."
        )
    emails.delete(visit.world, email_id)
    return visit.go(f"/console/emails/{email.family}/family", "editor.removed", name=email.name)


@changes(blueprint, "/emails/{email_id}/split-test", again=index)
def split(visit: Visit, email_id: str) -> Response:
    """With `all` there is no test: each gets a variant by its weight, and nobody waits for a winner."""
    test = None
    if visit.one("who") == "share":
        wanted = {"share": visit.whole("share"), "goal": visit.one("goal"), "wait_hours": visit.whole("wait_hours")}
        test = {**wanted, "automatic": visit.one("automatic") == "yes"}
    email = emails.update(visit.world, email_id, {"test": test})
    return visit.go(f"/console/emails/{email.id}/family", "frame.saved")
