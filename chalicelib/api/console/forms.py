"""Sign-up forms: the list, one with its address, snippet and numbers, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.api.form_inputs import input_of
from chalicelib.console import catalogue
from chalicelib.console.words import said
from chalicelib.model.form import MAX_ASKED, Form
from chalicelib.work import definitions, fields_in_use, forms
from chalicelib.work.email_list import Wanted, find
from chalicelib.work.forms import TEXTS
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/forms"
LINES = ("name", "from_address", "from_name", "language", "redirect_url", "confirmed_url", "email")
# Rows for more fields than the form has.
SPARE = 3
MOST_LETTERS = 300
ANOTHER = "another"


@shows(blueprint, "/forms")
def index(visit: Visit) -> Response:
    found, cursor = forms.page(visit.world, ROWS, visit.cursor)
    return visit.page("forms/index", forms=found, uses=forms.uses(visit.world, found), next=cursor)


@shows(blueprint, "/forms/new")
def new(visit: Visit) -> Response:
    require(visit.world, "editor")
    language = catalogue.chosen((visit.workspace.language,))
    draft = Form("", "", visit.workspace.from_address, visit.workspace.name, language=language)
    return visit.page("forms/edit", form=draft, **_choices(visit, draft))


@changes(blueprint, "/forms/new", again=new)
def create(visit: Visit) -> Response:
    form = forms.create(visit.world, _given(visit))
    return visit.go(f"{HERE}/{form.id}", "forms.made", name=form.name)


@shows(blueprint, "/forms/{form_id}")
def show(visit: Visit, form_id: str) -> Response:
    form = forms.read(visit.world, form_id)
    known = definitions.by_alias(visit.world)
    lists = visit.world.segments.read_many(form.segments)
    return visit.page(
        "forms/show",
        form=form,
        use=forms.uses(visit.world, [form])[form.id],
        url=f"{visit.world.base_url}/f/{form.id}",
        lists=[lists[each] for each in form.segments if each in lists],
        letter=visit.world.emails.read(form.email) if form.email else None,
        inputs=[input_of(each, known.get(each.alias)) for each in form.fields],
        **_spoken(visit, form),
    )


@shows(blueprint, "/forms/{form_id}/edit")
def edit(visit: Visit, form_id: str) -> Response:
    require(visit.world, "editor")
    form = forms.read(visit.world, form_id)
    return visit.page("forms/edit", form=form, **_choices(visit, form))


@changes(blueprint, "/forms/{form_id}/edit", again=edit)
def update(visit: Visit, form_id: str) -> Response:
    forms.update(visit.world, form_id, _given(visit), visit.whole("version"))
    return visit.go(f"{HERE}/{form_id}", "frame.saved")


@changes(blueprint, "/forms/{form_id}/close", again=show)
def close(visit: Visit, form_id: str) -> Response:
    form = forms.update(visit.world, form_id, {"active": False})
    return visit.go(f"{HERE}/{form_id}", "forms.closed", name=form.name)


@changes(blueprint, "/forms/{form_id}/open", again=show)
def reopen(visit: Visit, form_id: str) -> Response:
    form = forms.update(visit.world, form_id, {"active": True})
    return visit.go(f"{HERE}/{form_id}", "forms.reopened", name=form.name)


@changes(blueprint, "/forms/{form_id}/delete", again=show)
def delete(visit: Visit, form_id: str) -> Response:
    form = forms.delete(visit.world, form_id)
    return visit.go(HERE, "forms.deleted", name=form.name)


def _given(visit: Visit) -> dict[str, Any]:
    """What the form says; what it leaves empty and must be a number stays as it is."""
    given: dict[str, Any] = {name: visit.one(name) for name in LINES}
    given |= {"segments": visit.many("segments"), "fields": _asked(visit), "texts": _texts(visit)}
    per_hour = visit.whole("per_hour")
    return given if per_hour is None else given | {"per_hour": per_hour}


def _asked(visit: Visit) -> list[dict[str, object]]:
    rows = ((visit.one(f"asked.{n}"), visit.one(f"needed.{n}") == "1") for n in range(MAX_ASKED))
    return [{"alias": alias, "needed": needed} for alias, needed in rows if alias]


def _texts(visit: Visit) -> dict[str, dict[str, str]]:
    """Of the languages that something was written in."""
    tags = {tag: tag for tag in visit.many("tags")}
    if tag := visit.one("another_tag"):
        tags[tag] = ANOTHER
    written = {tag: {name: visit.one(f"texts.{place}.{name}") for name in TEXTS} for tag, place in tags.items()}
    return {tag: words for tag, words in written.items() if any(words.values())}


def _choices(visit: Visit, form: Form) -> dict[str, Any]:
    letters, _ = find(visit.world, Wanted(kind="template"), MOST_LETTERS, None)
    fields = fields_in_use.labels(visit.world)
    fields |= {each.alias: each.alias for each in form.fields if each.alias not in fields}
    languages = dict.fromkeys((form.language, *catalogue.languages(), *form.texts))
    return {
        "lists": [(each.id, each.name) for each in every_segment(visit) if each.is_list],
        "letters": [("", said(visit.language, "forms.built-in")), *((each.id, each.name) for each in letters)],
        "fields": [("", said(visit.language, "forms.no-field")), *fields.items()],
        "rows": min(MAX_ASKED, max(len(form.fields), len(_asked(visit))) + SPARE),
        "tags": [(tag, catalogue.name_of(tag)) for tag in languages],
        "limits": TEXTS,
    }


def _spoken(visit: Visit, form: Form) -> Mapping[str, Any]:
    """The language that the snippet is shown in, and what it is written with."""
    wished = visit.browser.query.get("language", "")
    language, text = form.text(wished or form.language)
    return {
        "language": language,
        "text": text,
        "words": catalogue.catalogue(catalogue.chosen((language, visit.workspace.language))),
        "names": {tag: catalogue.name_of(tag) for tag in form.texts},
    }
