"""`/v1/broadcasts/{id}/recipients`, `/missed`, `/held`: what became of each, and deciding about those in doubt."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, page
from chalicelib.api.csv_answer import csv_answer
from chalicelib.api.messages import shown as message_shown
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.decision import Decision
from chalicelib.model.errors import Invalid
from chalicelib.work import broadcasting, deciding, deciding_messages, fates, messaging

blueprint = Blueprint(__name__)

EXPORTED = 5_000
COLUMNS = ("contact_id", "address", "fate", "reason", "email", "message", "at")


class Decided(msgspec.Struct, forbid_unknown_fields=True):
    """`decision` is sent, given_up or resend, which needs `force`; `contacts` those whom it is about, all who are held
    where it is left out. `note` is kept with it.
    """

    decision: str
    contacts: list[str] | None = None
    force: bool = False
    note: str = ""


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/recipients")
def recipients(call: Call, broadcast_id: str) -> object:
    found, cursor = fates.recipients(call.world, broadcast_id, call.query.get("fate"), call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/missed")
def missed(call: Call, broadcast_id: str) -> object:
    found, cursor = fates.missed(call.world, broadcast_id, call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/missed/export")
def missed_export(call: Call, broadcast_id: str) -> Response:
    """As CSV, up to 5,000 lines of the next 10,000 recipients."""
    found, cursor = fates.missed(call.world, broadcast_id, EXPORTED, call.cursor)
    said = map(shown, found)
    return csv_answer(
        f"/v1/broadcasts/{broadcast_id}/missed/export",
        COLUMNS,
        ([each[name] for name in COLUMNS] for each in said),
        cursor,
    )


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/held")
def held(call: Call, broadcast_id: str) -> object:
    found, cursor = fates.held(call.world, broadcast_id, call.limit, call.cursor)
    return page(list(map(shown, found)), cursor)


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/held")
def decide(call: Call, broadcast_id: str) -> Response:
    """202: it is applied within seconds; `/decisions` says when."""
    given = call.decoded(Decided)
    return answer(decision_shown(deciding.decide(call.world, broadcast_id, _word(given))), 202)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/decisions")
def decisions(call: Call, broadcast_id: str) -> object:
    broadcasting.read(call.world, broadcast_id)
    return page([decision_shown(each) for each in deciding.history(call.world, broadcast_id)], None)


@route(blueprint, "GET", "/messages")
def open_messages(call: Call) -> object:
    """Template e-mails that are not settled, those that are due first; `?state=held` those in doubt."""
    if call.cursor is not None:
        raise Invalid("cursor", call.cursor, "This list has one page: narrow it by state.")
    found = deciding_messages.unsettled(call.world, call.query.get("state"), call.limit)
    return page([message_shown(each) for each in found], None)


@route(blueprint, "POST", "/messages/{message}/decision")
def decide_message(call: Call, message: str) -> object:
    given = call.decoded(Decided)
    if given.contacts is not None:
        raise Invalid("contacts", given.contacts, "Leave it out: a message has one recipient.")
    return message_shown(deciding_messages.decide(call.world, message, _word(given)))


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
    return {
        "id": decision.id,
        "decision": decision.what,
        "contacts": decision.contacts or None,
        "number": decision.number,
        "by": decision.by or None,
        "actor": decision.actor or None,
        "note": decision.note or None,
        "state": decision.state,
        "at": iso(decision.at),
        "done_at": iso(decision.done_at),
    }


def _word(given: Decided) -> deciding.Word:
    return deciding.Word(given.decision, given.contacts, given.force, given.note)
