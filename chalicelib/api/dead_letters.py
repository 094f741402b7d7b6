"""`/v1/dead-letters`: what queues gave up: seen, explained, replayed, dropped."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice import Blueprint

from chalicelib.api.answers import page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.work import dead_letters

blueprint = Blueprint(__name__)


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """All of the queue where no ids are given, 500 at a time."""

    ids: list[str] | None = None


class Dropped(msgspec.Struct, forbid_unknown_fields=True):
    ids: list[str]


@route(blueprint, "GET", "/dead-letters")
def index(call: Call) -> object:
    """Each queue, about how many dead letters it has, and what they mean."""
    found = dead_letters.standings(call.world)
    return {"queues": [{"queue": each.queue, "number": each.number, "means": each.means} for each in found]}


@route(blueprint, "GET", "/dead-letters/{queue}")
def read(call: Call, queue: str) -> object:
    return page(list(map(_shown, dead_letters.page(call.world, queue, call.limit))), None)


@route(blueprint, "POST", "/dead-letters/{queue}/replay")
def replay(call: Call, queue: str) -> object:
    return {"queue": queue, "replayed": dead_letters.replay(call.world, queue, call.decoded(Chosen).ids)}


@route(blueprint, "POST", "/dead-letters/{queue}/drop")
def drop(call: Call, queue: str) -> object:
    return {"queue": queue, "dropped": dead_letters.drop(call.world, queue, call.decoded(Dropped).ids)}


def _shown(explained: dead_letters.Explained) -> dict[str, Any]:
    letter = explained.letter
    return {
        "id": letter.id,
        "queue": letter.queue,
        "asked": explained.asked or None,
        "why": explained.why,
        "receives": letter.receives,
        "sent_at": iso(letter.sent_at),
        "body": letter.body,
    }
