"""Dead letters: what queues gave up, explained; put back or dropped."""

from __future__ import annotations

from functools import partial

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.dead_letter import DeadLetter
from chalicelib.model.errors import Invalid
from chalicelib.work import dead_letters

blueprint = Blueprint(__name__)

HERE = "/console/dead-letters"
SHOWN = 50


@shows(blueprint, "/dead-letters")
def index(visit: Visit) -> Response:
    return visit.page("dead-letters/index", standings=dead_letters.standings(visit.world))


@shows(blueprint, "/dead-letters/{queue}")
def show(visit: Visit, queue: str) -> Response:
    found = dead_letters.page(visit.world, queue, SHOWN)
    asked = partial(_asked, visit.language)
    return visit.page("dead-letters/show", queue=dead_letters.known(queue), letters=found, asked=asked)


def _asked(language: str, letter: DeadLetter) -> str:
    """What it asked for; "" for what is no hint of ours."""
    try:
        return said(language, f"dead-letters.deed.{letter.asks.get('do')}", **letter.asks)
    except (KeyError, TypeError):
        return ""


@changes(blueprint, "/dead-letters/{queue}", again=show)
def decide(visit: Visit, queue: str) -> Response:
    """Those that are ticked go back or are dropped; `all` go back."""
    what = visit.one("what")
    if what == "all":
        number = dead_letters.replay(visit.world, queue, None)
    elif what == "replay":
        number = dead_letters.replay(visit.world, queue, visit.many("ids"))
    elif what == "drop":
        number = dead_letters.drop(visit.world, queue, visit.many("ids"))
    else:
        raise Invalid("what", what, "It is one of all, replay, drop.")
    return visit.go(f"{HERE}/{queue}", "dead-letters.dropped" if what == "drop" else "dead-letters.replayed", n=number)
