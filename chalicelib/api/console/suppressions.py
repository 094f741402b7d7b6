"""Who is not written to: the list, one address asked about, put on it and lifted from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, SAFE, Visit
from chalicelib.api.csv_answer import csv_answer
from chalicelib.api.suppressions import COLUMNS, EXPORTED
from chalicelib.api.times import iso
from chalicelib.console.words import known as named
from chalicelib.console.words import said
from chalicelib.model.email import Email
from chalicelib.model.errors import NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.message import MessageKey, message_key
from chalicelib.model.suppression import STRENGTH, Suppression
from chalicelib.work import importing, suppression_list

blueprint = Blueprint(__name__)

HERE = "/console/suppressions"
# Where it is told what put addresses on the list, by the first word of a row's source.
PLACES: Mapping[str, str] = MappingProxyType({"import": "/console/imports", "erasure": "/console/erasures"})


@dataclass(frozen=True, slots=True)
class Source:
    """What is said of it, and the page that tells more ("" for none)."""

    said: str
    place: str


@shows(blueprint, "/suppressions")
def index(visit: Visit) -> Response:
    found, cursor = suppression_list.page(visit.world, ROWS, visit.cursor)
    asked = visit.browser.query.get("address", "").strip()
    standing = suppression_list.read(visit.world, asked) if asked and visit.fault is None else None
    stands = [standing.suppression] if standing is not None and standing.suppression else []
    return visit.page(
        "suppressions/index",
        suppressions=found,
        next=cursor,
        asked=asked,
        standing=standing,
        sources=_sources(visit, [*found, *stands]),
        reasons=[(each, named(visit.language, f"reason.{each}", each)) for each in STRENGTH],
    )


@shows(blueprint, "/suppressions/file")
def file(visit: Visit) -> Response:
    """As CSV, its first lines: all of a long list are had by the API, part by part."""
    items, cursor = suppression_list.page(visit.world, EXPORTED, visit.cursor)
    rows = ((each.address_hash, each.reason, each.source, iso(each.at)) for each in items)
    told = csv_answer(f"{HERE}/export", COLUMNS, rows, cursor)
    told.headers.update(SAFE)
    return told


@changes(blueprint, "/suppressions/import", again=index)
def begin_import(visit: Visit) -> Response:
    """A list from elsewhere, or one of our own: a job that the imports' page shows."""
    _, body = visit.file("file")
    job = importing.start_suppressions(visit.world, body, visit.one("reason") or "imported")
    return visit.go(f"/console/imports/{job.id}")


@changes(blueprint, "/suppressions", again=index)
def put(visit: Visit) -> Response:
    suppression_list.put(visit.world, visit.one("address"), "suppressed")
    return visit.go(HERE, "suppressions.added")


@changes(blueprint, "/suppressions/{address}/lift")
def lift(visit: Visit, address: str) -> Response:
    suppression_list.lift(visit.world, address, force=visit.one("force") == "1")
    return visit.go(HERE, "suppressions.lifted")


def _sources(visit: Visit, found: Sequence[Suppression]) -> dict[str, Source]:
    """Who told each, by what its row says: a letter is called as its e-mail is, as long as there is one."""
    told = {each.source for each in found}
    keys = {each: key for each in told if (key := _key(each)) is not None}
    emails = {each: visit.world.emails.read(each) for each in {key.family for key in keys.values()}}
    return {each: _source(visit, each, emails.get(keys[each].family) if each in keys else None) for each in told}


def _source(visit: Visit, told: str, email: Email | None) -> Source:
    if email is not None:
        return Source(said(visit.language, "suppressions.by-letter", name=email.name), f"/console/emails/{email.id}")
    kind, _, which = told.partition(" ")
    place = PLACES.get(kind) if is_id(which) else None
    word = f"suppressions.source.{'message' if _key(told) else kind}"
    return Source(named(visit.language, word, told), f"{place}/{which}" if place else "")


def _key(source: str) -> MessageKey | None:
    try:
        return message_key(source)
    except NotFound:
        return None
