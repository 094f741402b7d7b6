"""The pages that recipients see: how they look, what they say and what they offer, with a preview of what is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api import leaving
from chalicelib.api.console.browser import packed
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import Visit
from chalicelib.api.preferences import page_of
from chalicelib.api.reader import POLICY, Reader
from chalicelib.console import catalogue
from chalicelib.console.words import said
from chalicelib.model.category import MAX_CATEGORIES, Category, public_name
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Fault
from chalicelib.model.preference import FREQUENCIES
from chalicelib.model.segment import Segment
from chalicelib.model.workspace import LETTER_WORDINGS, PAGE_WORDINGS, WORDINGS
from chalicelib.work import categories, looks, preferences, segments, workspaces
from chalicelib.work.consenting import NOBODY
from chalicelib.work.permitting import require
from chalicelib.work.preferences import MAX_OFFERED, Offer

blueprint = Blueprint(__name__)

HERE = "/console/preferences"
MORE_FREQUENCIES = (4, 7, 10)
SCHEMES = ("light", "dark")
# Whoever the preview is for: nobody, whom no row knows.
SOMEBODY = Contact("0" * 16, "somebody@example.com")
NOWHERE = "preview"


@shows(blueprint, "/preferences")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    workspace = visit.workspace
    kinds, lists = _kinds(visit), _lists(visit)
    frequencies = sorted({*FREQUENCIES, *MORE_FREQUENCIES, *workspace.frequencies})
    return visit.page(
        "preferences/index",
        workspace=workspace,
        kinds=_named(kinds),
        lists=_named(lists),
        offered=[each.id for each in kinds if each.public] + [each.id for each in lists if each.public],
        frequencies=[(str(each), said(visit.language, "preferences.a-week", n=each)) for each in frequencies],
        chosen=[str(each) for each in workspace.frequencies],
        tags=_tags(visit),
        page_words=PAGE_WORDINGS,
        letter_words=LETTER_WORDINGS,
        limits=workspaces.MAX_WORDING,
        pages=[(each, said(visit.language, f"preferences.page.{each}")) for each in PAGES],
        schemes=[(each, said(visit.language, f"frame.theme.{each}")) for each in SCHEMES],
        legible=looks.legible(workspace),
    )


@changes(blueprint, "/preferences", again=index)
def update(visit: Visit) -> Response:
    """The workspace first, by its version; then what is offered, where a tick has changed."""
    workspaces.update(visit.world, _given(visit), visit.whole("version"))
    shown = frozenset(visit.many("shown"))
    for each in _kinds(visit):
        if each.id in shown and each.public != (each.id in visit.many("categories")):
            categories.update(visit.world, each.id, {"public": not each.public})
    for listed in _lists(visit):
        if listed.id in shown and listed.public != (listed.id in visit.many("lists")):
            segments.update(visit.world, listed.id, {"public": not listed.public})
    return visit.go(HERE, "frame.saved")


@changes(blueprint, "/preferences/preview", audited=False)
def preview(visit: Visit) -> Response:
    """The page as it would be with what the form says, for a frame; what cannot be taken says why."""
    require(visit.world, "admin")
    try:
        reader = _reader(visit)
        answer = PAGES.get(visit.one("page"), _centre)(visit, reader)
    except Fault as fault:
        answer = Response(fault.message, {"Content-Type": "text/plain; charset=utf-8"})
    policy = str(answer.headers.get(POLICY, "default-src 'none'; frame-ancestors 'none'"))
    headers = {**answer.headers, POLICY: policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")}
    shown = looks.in_light(answer.body, dark=visit.one("scheme") == "dark")
    return packed(visit.browser, Response(shown, headers))


@shows(blueprint, "/preferences/colour")
def colour(visit: Visit) -> Response:
    """What becomes of a colour on the pages' grounds."""
    require(visit.world, "admin")
    try:
        wanted = workspaces.drafted(visit.world, visit.workspace, {"colour": visit.browser.query.get("colour", "")})
    except Fault as fault:
        return visit.page("preferences/colour", met=fault, legible=None)
    return visit.page("preferences/colour", met=None, legible=looks.legible(wanted))


def _centre(visit: Visit, reader: Reader) -> Response:
    return page_of(reader, SOMEBODY, _offered(visit))


def _leave(visit: Visit, reader: Reader) -> Response:
    names = [public_name(each.name, each.names, reader.language) for each in _offered(visit).categories[:1]]
    return leaving.page_of(reader, NOWHERE, next(iter(names), ""))


def _left(_visit: Visit, reader: Reader) -> Response:
    return reader.page("left", known=True, category="", preferences=NOWHERE)


PAGES: Mapping[str, Callable[[Visit, Reader], Response]] = MappingProxyType(
    {"centre": _centre, "leave": _leave, "left": _left}
)


def _reader(visit: Visit) -> Reader:
    """Of the workspace as it would be. Raises Invalid."""
    drafted = workspaces.drafted(visit.world, visit.workspace, _given(visit))
    language = catalogue.chosen((visit.one("in_language"), drafted.language))
    return Reader(visit.world, drafted, SOMEBODY, language, NOBODY)


def _given(visit: Visit) -> dict[str, Any]:
    given: dict[str, Any] = {name: visit.one(name) for name in ("name", "colour", "logo_url")}
    chosen = [int(each) for each in visit.many("frequencies") if each.isascii() and each.isdecimal()]
    words = {tag: {name: visit.one(f"wordings.{tag}.{name}") for name in WORDINGS} for tag in visit.many("tags")}
    written = {tag: texts for tag, texts in words.items() if any(texts.values())}
    return given | {"frequencies": chosen, "wordings": written}


def _offered(visit: Visit) -> Offer:
    """As the ticks of the form say; what the form did not show as it stands."""
    shown, ticked = frozenset(visit.many("shown")), frozenset((*visit.many("categories"), *visit.many("lists")))

    def stands(each: Category | Segment) -> bool:
        return each.id in ticked if each.id in shown else each.public

    kinds = tuple(filter(stands, _kinds(visit)))[:MAX_OFFERED]
    return preferences.Offer(kinds, tuple(filter(stands, _lists(visit)))[:MAX_OFFERED])


def _kinds(visit: Visit) -> list[Category]:
    found, _ = categories.page(visit.world, MAX_CATEGORIES, None)
    return sorted(found, key=lambda each: each.name.casefold())


def _lists(visit: Visit) -> list[Segment]:
    return [each for each in every_segment(visit) if each.is_list]


def _named(things: Sequence[Category | Segment]) -> list[tuple[str, str]]:
    return [(each.id, each.name) for each in things]


def _tags(visit: Visit) -> list[tuple[str, str]]:
    """The languages that the pages are in, and any other that words are there in."""
    tags = dict.fromkeys((*catalogue.languages(), *visit.workspace.wordings))
    return [(tag, catalogue.name_of(tag)) for tag in tags]
