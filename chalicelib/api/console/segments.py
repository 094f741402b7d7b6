"""Segments: the list, one's page with its members, and the builder of live filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console import filter_form
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.filter_form import TEXT, Builder
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.explaining import Reason
from chalicelib.model.filter import All, Filter, parsed
from chalicelib.model.filter_draft import Row, parts
from chalicelib.model.filter_text import as_text
from chalicelib.model.segment import Segment
from chalicelib.work import belonging, contacts, explaining, segment_preview, segment_sizes, segments
from chalicelib.work.filter_names import NamesShown
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/segments"


@shows(blueprint, "/segments")
def index(visit: Visit) -> Response:
    found, cursor = segments.page(visit.world, ROWS, visit.cursor)
    pending = any(not each.is_kept for each in found)
    return visit.page("segments/index", segments=found, next=cursor, pending=pending)


@shows(blueprint, "/segments/new-list")
def new_list(visit: Visit) -> Response:
    require(visit.world, "editor")
    return visit.page("segments/list", segment=None, names="")


@changes(blueprint, "/segments/new-list", again=new_list)
def create_list(visit: Visit) -> Response:
    public, names = visit.one("public") == "1", _names(visit)
    segment = segments.create(visit.world, visit.one("name"), public=public, names=names)
    return visit.go(f"{HERE}/{segment.id}", "segments.created", name=segment.name)


@shows(blueprint, "/segments/new")
def new(visit: Visit) -> Response:
    """With `text` in the address it begins as that filter."""
    require(visit.world, "editor")
    given = visit.browser.query.get(TEXT, "")
    tree = None if visit.fault or not given else segments.checked_filter(visit.world, given)
    return _editor(visit, tree, None)


@changes(blueprint, "/segments/new", again=new)
def create(visit: Visit) -> Response:
    segment = segments.create(visit.world, visit.one("name"), _wished(visit))
    return visit.go(f"{HERE}/{segment.id}", "segments.created", name=segment.name)


@changes(blueprint, "/segments/builder", audited=False)
def builder(visit: Visit) -> Response:
    """The builder as it is after a click: a part in or out, another field, as text or as clicks again."""
    segment_id, wished = visit.one("segment_id"), visit.one(filter_form.ACT)
    try:
        made = filter_form.acted(filter_form.posted(visit, segment_id))
        if wished == "as text":
            return visit.page("segments/builder", **_as_text(made, filter_form.text_of(made)))
    except Fault as fault:
        return _again(replace(visit, fault=fault), segment_id)
    return visit.fresh().page("segments/builder", text=None, **_shown(made), wrong="", act_done=wished)


@changes(blueprint, "/segments/found", audited=False)
def found(visit: Visit) -> Response:
    """Whom the filter in the form finds, as far as it goes."""
    segment_id = visit.one("segment_id")
    try:
        made = filter_form.posted(visit, segment_id)
        shown = made.values()
        preview = segment_preview.preview(visit.world, filter_form.filter_of(made)) if shown["complete"] else None
    except Fault as fault:
        return visit.page("segments/found", preview=None, met=fault, draft=None)
    return visit.page("segments/found", preview=preview, met=None, **shown)


@shows(blueprint, "/segments/{segment_id}")
def show(visit: Visit, segment_id: str) -> Response:
    segment = segments.read(visit.world, segment_id)
    members, cursor = _members(visit, segment)
    return visit.page(
        "segments/show",
        segment=segment,
        members=members,
        next=cursor,
        chart=_chart(segment_sizes.over_time(visit.world, segment_id)),
        text=_text(visit, segment),
        **_sentence(visit, segment),
    )


@shows(blueprint, "/segments/{segment_id}/size")
def size(visit: Visit, segment_id: str) -> Response:
    """The part of the page that is asked for until all are found; then the whole page once more."""
    segment = segments.read(visit.world, segment_id)
    if segment.is_kept:
        return visit.go(f"{HERE}/{segment_id}")
    return visit.page("segments/size", segment=segment)


@shows(blueprint, "/segments/{segment_id}/edit")
def edit(visit: Visit, segment_id: str) -> Response:
    require(visit.world, "editor")
    segment = segments.read(visit.world, segment_id)
    if segment.is_list:
        names = "\n".join(f"{tag}: {name}" for tag, name in segment.names.items())
        return visit.page("segments/list", segment=segment, names=names)
    return _editor(visit, parsed(segment.filter), segment)


@changes(blueprint, "/segments/{segment_id}/edit", again=edit)
def update(visit: Visit, segment_id: str) -> Response:
    segment = segments.read(visit.world, segment_id)
    wanted: dict[str, Any] = {"name": visit.one("name")}
    if segment.is_list:
        wanted |= {"public": visit.one("public") == "1", "names": _names(visit)}
    else:
        wanted["filter"] = _wished(visit, segment_id)
    segments.update(visit.world, segment_id, wanted, visit.whole("version"))
    return visit.go(f"{HERE}/{segment_id}", "frame.saved")


@changes(blueprint, "/segments/{segment_id}/put", again=show)
def put(visit: Visit, segment_id: str) -> Response:
    contact = _contact(visit)
    belonging.put_member(visit.world, segment_id, contact.id)
    return visit.go(_back(visit, segment_id), "segments.put", name=contact.address)


@changes(blueprint, "/segments/{segment_id}/take-out", again=show)
def take_out(visit: Visit, segment_id: str) -> Response:
    contact = _contact(visit)
    belonging.remove_member(visit.world, segment_id, contact.id)
    return visit.go(_back(visit, segment_id), "segments.taken-out", name=contact.address)


@changes(blueprint, "/segments/{segment_id}/unhand", again=show)
def unhand(visit: Visit, segment_id: str) -> Response:
    contact = _contact(visit)
    belonging.unhand(visit.world, segment_id, contact.id)
    return visit.go(_back(visit, segment_id), "segments.unhanded", name=contact.address)


@changes(blueprint, "/segments/{segment_id}/delete", again=show)
def delete(visit: Visit, segment_id: str) -> Response:
    segment = segments.delete(visit.world, segment_id)
    return visit.go(HERE, "segments.deleted", name=segment.name)


@shows(blueprint, "/segments/{segment_id}/why")
def why(visit: Visit, segment_id: str) -> Response:
    segment = segments.read(visit.world, segment_id)
    who = visit.browser.query.get("contact", "").strip()
    try:
        contact = contacts.read(visit.world, who, "contact") if who else None
    except Fault as fault:
        fault.field = "contact"
        return replace(visit, fault=fault).page(
            "segments/why", segment=segment, contact=None, explanation=None, who=who
        )
    explanation = explaining.why(visit.world, segment_id, contact.id) if contact else None
    says = _says(visit, explanation.reason, segment_id) if explanation and explanation.reason else {}
    return visit.page("segments/why", segment=segment, contact=contact, explanation=explanation, who=who, **says)


def _says(visit: Visit, reason: Reason, segment_id: str) -> dict[str, Any]:
    """What the sentence of each condition is made of, `conditions` by its text."""
    found = reason.conditions()
    made = filter_form.begun(visit, All(tuple(found.values())), segment_id)
    rows = [each for each in parts(made.draft) if isinstance(each, Row)]
    return {**made.values(), "conditions": dict(zip(found, rows, strict=True))}


def _contact(visit: Visit) -> Contact:
    try:
        return contacts.read(visit.world, visit.one("contact"))
    except Fault as fault:
        fault.field = "contact"
        raise


def _back(visit: Visit, segment_id: str) -> str:
    """To where it was pressed: the segment's page, or why somebody is in it."""
    place = f"{HERE}/{segment_id}"
    return f"{place}/why?contact={visit.one('contact')}" if visit.one("to") == "why" else place


def _members(visit: Visit, segment: Segment) -> tuple[Sequence[Contact], str | None]:
    return belonging.members(visit.world, segment.id, ROWS, visit.cursor) if segment.is_kept else ((), None)


def _names(visit: Visit) -> dict[str, str]:
    """`fr: Amis` on a line each."""
    found: dict[str, str] = {}
    for line in filter(str.strip, visit.one("names").splitlines()):
        tag, colon, name = line.partition(":")
        if not colon:
            raise Invalid("names", line, "Give a language and the name on each line, such as fr: Amis.")
        found[tag.strip()] = name.strip()
    return found


def _wished(visit: Visit, segment_id: str = "") -> object:
    """The filter of the form: as text where it was written so, which faults then name by line and column."""
    if visit.one("form") == TEXT:
        return visit.one(TEXT)
    return filter_form.filter_of(filter_form.posted(visit, segment_id))


def _editor(visit: Visit, tree: Filter | None, segment: Segment | None) -> Response:
    segment_id = segment.id if segment else ""
    if visit.fault is None:
        shown = {"text": None, "wrong": "", **_shown(filter_form.begun(visit, tree, segment_id))}
    else:
        shown = _typed(visit, segment_id)
    return visit.page("segments/edit", segment=segment, act_done="", **shown)


def _again(visit: Visit, segment_id: str) -> Response:
    """A part of a page: htmx shows nothing of what is answered as refused."""
    answer = visit.page("segments/builder", act_done="", **_typed(visit, segment_id))
    answer.status_code = 200
    return answer


def _typed(visit: Visit, segment_id: str) -> dict[str, Any]:
    """The builder as it was posted, with its fault."""
    if visit.one("form") == TEXT:
        return {"text": visit.one(TEXT), "wrong": TEXT, **_shown(filter_form.begun(visit, None, segment_id))}
    made = filter_form.posted(visit, segment_id)
    return {"text": None, "wrong": filter_form.place_of(made, visit.fault), **_shown(made)}


def _as_text(made: Builder, text: str) -> dict[str, Any]:
    return {"text": text, "wrong": "", "act_done": "", **_shown(made)}


def _shown(made: Builder) -> dict[str, Any]:
    return {**made.values(), "segment_id": made.segment_id}


def _sentence(visit: Visit, segment: Segment) -> dict[str, Any]:
    """What the readable sentence is made of."""
    return {"draft": None} if segment.is_list else filter_form.begun(visit, parsed(segment.filter), segment.id).values()


def _text(visit: Visit, segment: Segment) -> str:
    return "" if segment.is_list else as_text(parsed(segment.filter), NamesShown(visit.world))


def _chart(sizes: Sequence[tuple[date, int]]) -> dict[str, Any]:
    """Moments in epoch seconds, and the one row."""
    at = [int(datetime.combine(day, time(12), UTC).timestamp()) for day, _ in sizes]
    return {"at": at, "rows": [[number for _, number in sizes]]}
