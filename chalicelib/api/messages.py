"""`/v1/messages`: send a template e-mail to one contact; what was sent to whom, and what came back."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, page
from chalicelib.api.routes import ASKS, Call, route
from chalicelib.api.times import iso
from chalicelib.model.errors import Invalid
from chalicelib.model.fact import Fact
from chalicelib.model.message import Message
from chalicelib.work import contacts, messaging

blueprint = Blueprint(__name__)

MAX_KEY = 255


class Sending(msgspec.Struct, forbid_unknown_fields=True):
    """To whom (one of the two), with which tokens, now or through the queue: as the workspace has it by default."""

    contact_id: str | None = None
    address: str | None = None
    tokens: dict[str, str] = {}
    mode: Literal["immediate", "queue"] | None = None


@route(blueprint, "POST", "/emails/{email_id}/messages", ASKS)
def send(call: Call, email_id: str) -> Response:
    """201 with what happened; 202 while it still waits for its turn."""
    given = call.decoded(Sending)
    key = idempotency_key(call)
    message = messaging.send(call.world, email_id, _recipient(given), given.tokens, given.mode, key)
    return answer(shown(message), 202 if message.state == "waiting" else 201)


@route(blueprint, "GET", "/messages/{message}")
def read(call: Call, message: str) -> object:
    """Each fact with what was found of it: a label for opens and clicks, and the rule that gave it."""
    found, feedback = messaging.read(call.world, message)
    return shown(found) | {"facts": [shown_fact(fact) for fact in feedback.facts]}


@route(blueprint, "GET", "/contacts/{contact}/messages")
def history(call: Call, contact: str) -> object:
    found = contacts.read(call.world, contact)
    items, cursor = messaging.history(call.world, found.id, call.limit, call.cursor)
    return page([shown(message) for message in items], cursor)


def _recipient(given: Sending) -> str:
    named = [each for each in (given.contact_id, given.address) if each]
    if len(named) != 1:
        raise Invalid("contact_id", given.contact_id, "Give either contact_id or address.")
    return named[0]


def idempotency_key(call: Call) -> str | None:
    key = call.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise Invalid("Idempotency-Key", key, f"Give 1 to {MAX_KEY} printable ASCII characters.")
    return key


def shown(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.key),
        "contact_id": message.key.contact,
        "email": message.email,
        "family": message.key.family,
        "revision": message.revision,
        "broadcast": message.broadcast or None,
        "state": message.state,
        "reason": message.reason or None,
        "transport": message.transport,
        "provider_id": message.provider_id or None,
        "at": iso(message.at),
    }


def shown_fact(fact: Fact) -> dict[str, Any]:
    """`label` is human, proxy or scanner, null for what is no open and no click; `reason` "" where no rule held."""
    event, verdict = fact.event, fact.verdict
    return {
        "kind": event.kind,
        "at": iso(event.at),
        "link": event.link,
        "detail": dict(event.detail),
        "label": verdict.label if verdict else None,
        "reason": verdict.reason if verdict else None,
        "device": verdict.device if verdict else None,
        "client": verdict.client if verdict else None,
    }
