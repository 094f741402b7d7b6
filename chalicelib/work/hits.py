"""Hits: the pixel and the click write what happened as one line of the log; here is the line, and the way back.

A line names the network that a hit came from, if it is a known one, and no address; where the workspace keeps
addresses, a shortened one. Whoever can write to the log could write a line, so the token in it is verified again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.model.counters import REVISION
from chalicelib.model.fact import Event
from chalicelib.model.labelling import AGENT, HIDDEN_LINK, METHOD, NETWORK
from chalicelib.model.token import Tracked
from chalicelib.work.world import World

MAX_AGENT = 200
START = '{"envoi":"hit"'
YEAR_10000 = 253_402_300_800_000


class Hit(msgspec.Struct, frozen=True, tag_field="envoi", tag="hit", omit_defaults=True):
    """`link` is the position in the revision's link table; `at` is epoch milliseconds; `agent` the user agent, cut;
    `network` a name of `model/networks.py`; `address` is there where the workspace keeps addresses, and shortened.
    """

    id: Annotated[str, Meta(pattern="^[0-9a-v]{16}$")]
    kind: Literal["opened", "clicked"]
    token: Annotated[str, Meta(max_length=100)]
    at: Annotated[int, Meta(ge=0, lt=YEAR_10000)]
    link: Annotated[int, Meta(ge=0, le=65_535)] | None = None
    agent: Annotated[str, Meta(max_length=MAX_AGENT)] = ""
    method: Annotated[str, Meta(max_length=10)] = "GET"
    network: Annotated[str, Meta(max_length=30)] = ""
    address: Annotated[str, Meta(max_length=50)] = ""


def line(hit: Hit) -> str:
    """One line of JSON that starts with START; without the end of line."""
    return msgspec.json.encode(hit).decode()


def agent_of(header: str) -> str:
    """A user agent as a line can carry it: printable ASCII, at most 200 characters."""
    cut = header[:MAX_AGENT]
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(each if " " <= each <= "~" else "?" for each in cut)


def events_of(world: World, lines: Iterable[str]) -> list[Event]:
    """The hits among the lines of a log. Anything else in it is passed over, forged hits too; no line makes it fail."""
    found = (event_of(world, hit) for hit in _hits(lines))
    return [event for event in found if event is not None]


def event_of(world: World, hit: Hit) -> Event | None:
    """None where the token is not ours, or a click names no link."""
    tracked = world.signer.read(hit.token)
    if tracked is None or (hit.kind == "clicked") != (hit.link is not None):
        return None
    said = {AGENT: hit.agent, NETWORK: hit.network, "address": hit.address}
    detail = {METHOD: hit.method, REVISION: str(tracked.revision)} | {name: text for name, text in said.items() if text}
    return Event(
        hit.id, hit.kind, tracked.message, tracked.email, hit.at, link=_link(world, tracked, hit), detail=detail
    )


def _link(world: World, tracked: Tracked, hit: Hit) -> int | None:
    """Its number in the link table, or HIDDEN_LINK: the revision knows which link nobody sees."""
    revision = world.revisions.read(tracked.email, tracked.revision) if hit.link is not None else None
    return HIDDEN_LINK if revision is not None and revision.decoy == hit.link else hit.link


def _hits(lines: Iterable[str]) -> Iterator[Hit]:
    for each in lines:
        for start in _starts(each):
            hit = _hit(each[start:].partition("\n")[0])
            if hit is not None:
                yield hit


def _starts(text: str) -> Iterator[int]:
    """Where hits begin: behind a prefix of the log's own, and on each line of a message that has several."""
    start = text.find(START)
    while start >= 0:
        yield start
        start = text.find(START, start + len(START))


def _hit(text: str) -> Hit | None:
    try:
        return _DECODER.decode(text[: text.rfind("}") + 1])
    except (msgspec.DecodeError, UnicodeError):
        return None


_DECODER = msgspec.json.Decoder(Hit)
