"""The editor of an e-mail: its page, saving while one types, reading what is wrong with it, publishing, trying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON
from chalicelib.api.console import email_form
from chalicelib.api.console.browser import packed
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.email_preview import made_up_fields, somebody
from chalicelib.api.console.visit import SAFE, Visit
from chalicelib.console.mending import told
from chalicelib.model.email import MAX_PREHEADER, MAX_SUBJECT, Email
from chalicelib.model.errors import Conflict, Fault, Invalid, TooLarge
from chalicelib.model.outcome import Accepted, InDoubt
from chalicelib.work import assets, auditing, autosaving, emails, keeping, previewing, sessions
from chalicelib.work.drafting import UTM
from chalicelib.work.offered_tokens import offered
from chalicelib.work.permitting import require
from chalicelib.work.previewing import Trial

blueprint = Blueprint(__name__)

MOST_OFFERED = 100
LIMITS: Mapping[str, int] = {"subject": MAX_SUBJECT, "preheader": MAX_PREHEADER}


@shows(blueprint, "/emails/{email_id}/edit")
def edit(visit: Visit, email_id: str) -> Response:
    require(visit.world, "editor")
    email = emails.read(visit.world, email_id)
    world = visit.world
    segments, _ = world.segments.page(MOST_OFFERED, None)
    files, _ = assets.page(world, MOST_OFFERED, None)
    return visit.page(
        "emails/edit",
        email=email,
        draft=email_form.shown(email, visit.zone),
        drawer=visit.drawer,
        segments=_with_chosen(segments, world.segments.read_many((*email.segments, *email.exclude))),
        categories=list(keeping.every(world.categories)),
        files=_with_chosen(files, world.assets.read_many(email.attachments)),
        tokens=offered(world, email),
        utm=UTM,
        limits=LIMITS,
        made_up=made_up_fields(visit),
    )


@shows(blueprint, "/emails/{email_id}/edit/draft")
def draft(visit: Visit, email_id: str) -> Response:
    """What an editor that was away needs to go on: how the e-mail stands, and what proves its changes now."""
    require(visit.world, "editor")
    return _standing(visit, emails.read(visit.world, email_id))


@changes(blueprint, "/emails/{email_id}/edit/draft", audited=False)
def save(visit: Visit, email_id: str) -> Response:
    """The fields that were posted, of the e-mail in this `version`: 409 and how it stands where it has another. Noted
    in the audit log where the editor says that these are its `first`.
    """
    email = emails.read(visit.world, email_id)
    given, faults = email_form.changes(visit.browser.form, email, visit.zone)
    try:
        saved = autosaving.save(visit.world, email_id, given, visit.whole("version"))
    except Conflict as fault:
        if fault.field != "version":
            raise
        return _standing(visit, emails.read(visit.world, email_id), 409)
    if visit.one("first"):
        auditing.note(visit.world, "emails.update", email_id, given)
    return _standing(visit, saved.email, faults={**faults, **saved.faults})


@shows(blueprint, "/emails/{email_id}/edit/check")
def check(visit: Visit, email_id: str) -> Response:
    """The part of the page that says what is to mend."""
    email = emails.read(visit.world, email_id)
    try:
        found = emails.proof_draft(visit.world, email)
    except (Invalid, TooLarge) as fault:
        return visit.page("editor/check", email=email, broken=fault, findings=())
    return visit.page("editor/check", email=email, broken=None, findings=found)


@changes(blueprint, "/emails/{email_id}/edit/publish", audited=False)
def publish(visit: Visit, email_id: str) -> Response:
    """As it stands in this `version`: nobody publishes what another wrote meanwhile without having seen it."""
    before = emails.read(visit.world, email_id)
    try:
        made = emails.publish(visit.world, email_id, visit.whole("version"))
    except (Invalid, TooLarge, Conflict) as fault:
        return visit.page("editor/published", email=before, broken=fault, findings=(), new=False)
    auditing.note(visit.world, "emails.publish", email_id)
    new = made.email.revision != before.revision
    return visit.page("editor/published", email=made.email, broken=None, findings=made.findings, new=new)


@changes(blueprint, "/emails/{email_id}/edit/test", audited=False)
def test(visit: Visit, email_id: str) -> Response:
    """A test letter to each address, as whoever the preview shows."""
    addresses = visit.one("to").replace(",", " ").replace(";", " ").split()
    fault: Fault | None = None
    trials: list[Trial] = []
    try:
        whom = somebody({name: values[0] for name, values in visit.browser.form.items() if values})
        trials = previewing.send_tests(visit.world, email_id, addresses, whom)
        auditing.note(visit.world, "previews.send_test", email_id)
    except Fault as met:
        fault = met
    return visit.page("editor/tested", met=fault, trials=[(each.address, *_became(each)) for each in trials])


def _became(trial: Trial) -> tuple[str, str]:
    outcome = trial.outcome
    if isinstance(outcome, Accepted):
        return "sent", ""
    return ("in_doubt" if isinstance(outcome, InDoubt) else "failed"), outcome.reason


def _standing(visit: Visit, email: Email, status: int = 200, faults: Mapping[str, Fault] | None = None) -> Response:
    said: dict[str, Any] = {
        "version": email.version,
        "revision": email.revision,
        "values": email_form.shown(email, visit.zone),
        "faults": {name: told(visit.language, fault.hint or fault.message) for name, fault in (faults or {}).items()},
        "change": sessions.change_token(visit.world, visit.session) if visit.session else "",
        "owner": visit.drawer.owner,
    }
    return packed(visit.browser, Response(msgspec.json.encode(said), {**SAFE, "Content-Type": JSON}, status))


def _with_chosen(offered_ones: list[Any], chosen: Mapping[str, Any]) -> list[Any]:
    """By name; what the e-mail has already is among them however many there are."""
    everyone = {each.id: each for each in offered_ones} | dict(chosen)
    return sorted(everyone.values(), key=lambda each: each.name.casefold())
