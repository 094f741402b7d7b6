"""`/v1/emails/{id}/preview` and `/v1/emails/{id}/test`: a draft as somebody would get it, and test letters."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint

from chalicelib.api.routes import ASKS, Call, route
from chalicelib.model.outcome import Accepted, InDoubt
from chalicelib.work import emails, previewing
from chalicelib.work.previewing import Somebody, Trial

blueprint = Blueprint(__name__)


class Whom(msgspec.Struct, forbid_unknown_fields=True):
    """A contact by id or address, or a made-up one by its fields (`email` is the address); and per-send tokens."""

    contact_id: str | None = None
    contact: dict[str, Any] | None = None
    tokens: dict[str, str] = {}


class Test(Whom, forbid_unknown_fields=True, kw_only=True):
    """`to` are the addresses of those who are to read it."""

    to: list[str]


@route(blueprint, "POST", "/emails/{email_id}/preview", ASKS)
def preview(call: Call, email_id: str) -> object:
    given = call.decoded(Whom)
    seen = previewing.preview(call.world, email_id, _somebody(given))
    letter = seen.letter
    return {
        "subject": letter.subject,
        "from": letter.from_,
        "reply_to": letter.reply_to,
        "headers": letter.headers,
        "html": letter.html,
        "text": letter.text,
        "raw": seen.raw,
        "links": [asdict(each) for each in seen.links],
        "warnings": [asdict(each) for each in seen.warnings],
    }


@route(blueprint, "POST", "/emails/{email_id}/test")
def send_test(call: Call, email_id: str) -> object:
    """Each address has a result of its own: `sent`, `in_doubt` or `failed` with the reason."""
    given = call.decoded(Test)
    sent = previewing.send_tests(call.world, email_id, given.to, _somebody(given))
    return {"results": list(map(_shown, sent))}


@route(blueprint, "GET", "/emails/{email_id}/public")
def read_public(call: Call, email_id: str) -> object:
    """Where anybody may look at it; null while `public_preview` is off."""
    return {"url": previewing.public_url(call.world, emails.read(call.world, email_id))}


def _somebody(given: Whom) -> Somebody:
    return Somebody(given.contact_id, given.contact, given.tokens)


def _shown(trial: Trial) -> dict[str, Any]:
    outcome = trial.outcome
    if isinstance(outcome, Accepted):
        return {"address": trial.address, "state": "sent", "provider_id": outcome.provider_id}
    state = "in_doubt" if isinstance(outcome, InDoubt) else "failed"
    return {"address": trial.address, "state": state, "reason": outcome.reason}
