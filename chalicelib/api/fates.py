"""`/v1/broadcasts/{id}/recipients`, `/missed`, `/held`: what became of each, and deciding about those in doubt."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, page
from chalicelib.api.messages import shown as message_shown
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.decision import Decision
from chalicelib.model.errors import Invalid
from chalicelib.work import broadcasting, deciding, deciding_messages, fates, messaging

blueprint = Blueprint(__name__)


class Decided(msgspec.Struct, forbid_unknown_fields=True):
    """`decision` is sent, given_up or resend, which needs `force`; `contacts` those whom it is about, all who are held
    where it is left out. `by` and `note` are kept with it.
    """

    decision: str
    contacts: list[str] | None = None
    force: bool = False
    by: str = ""
    note: str = ""


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/recipients")
def recipients(call: Call, broadcast_id: str) -> object:
    found, cursor = fates.recipients(call.world, broadcast_id, call.query.get("fate"), call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/missed")
def missed(call: Call, broadcast_id: str) -> object:
    found, cursor = fates.missed(call.world, broadcast_id, call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/held")
def held(call: Call, broadcast_id: str) -> object:
    found, cursor = fates.held(call.world, broadcast_id, call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/held")
def decide(call: Call, broadcast_id: str) -> Response:
    """202: it is applied within seconds; `/decisions` says when."""
    given = call.decoded(Decided)
    return answer(decision_shown(deciding.decide(call.world, broadcast_id, _word(call, given))), 202)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/decisions")
def decisions(call: Call, broadcast_id: str) -> object:
    broadcasting.read(call.world, broadcast_id)
    return page([decision_shown(each) for each in deciding.history(call.world, broadcast_id)], None)


@route(blueprint, "GET", "/messages")
def held_messages(call: Call) -> object:
    """Template e-mails in doubt: `?state=held`."""
    if call.query.get("state") != "held":
        raise Invalid("state", call.query.get("state"), "Only the held are listed: ?state=held.")
    return page([message_shown(each) for each in deciding_messages.held(call.world, call.limit)], None)


@route(blueprint, "POST", "/messages/{message}/decision")
def decide_message(call: Call, message: str) -> object:
    given = call.decoded(Decided)
    if given.contacts is not None:
        raise Invalid("contacts", given.contacts, "Leave it out: a message has one recipient.")
    return message_shown(deciding_messages.decide(call.world, message, _word(call, given)))


@route(blueprint, "GET", "/messages/{message}/decisions")
def message_decisions(call: Call, message: str) -> object:
    messaging.read(call.world, message)
    return page([decision_shown(each) for each in deciding.history(call.world, message)], None)


def shown(known: fates.Known) -> dict[str, Any]:
    """`reason` is why somebody was skipped or refused, null for all others; `message` is the id in `/v1/messages`."""
    fated, row = known.fated, known.row
    return {
        "contact_id": fated.message.contact,
        "address": known.contact.address if known.contact else None,
        "fate": fated.fate,
        "reason": known.reason or None,
        "email": known.email,
        "message": str(fated.message),
        "at": iso(row.at) if row else None,
    }


def decision_shown(decision: Decision) -> dict[str, Any]:
    """`key` is how the digest of the API key begins that was used."""
    return {
        "id": decision.id,
        "decision": decision.what,
        "contacts": decision.contacts or None,
        "number": decision.number,
        "by": decision.by or None,
        "key": decision.key or None,
        "note": decision.note or None,
        "state": decision.state,
        "at": iso(decision.at),
        "done_at": iso(decision.done_at),
    }


def _word(call: Call, given: Decided) -> deciding.Word:
    return deciding.Word(given.decision, given.contacts, given.force, given.by, call.world.actor.id, given.note)
