"""`/v1/forms`: sign-up forms. What they post to is `/f/{form}`, without a key (`signup.py`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.form import Form, FormUse
from chalicelib.work import forms

blueprint = Blueprint(__name__)


class New(msgspec.Struct, forbid_unknown_fields=True):
    """`texts` by language: `{"en": {"consent", "title", "thanks"}}`; `fields`: `[{"alias", "needed"}]`."""

    name: str
    from_address: str
    texts: dict[str, dict[str, str]]
    from_name: str = ""
    segments: list[str] = []
    fields: list[dict[str, Any]] = []
    language: str = "en"
    redirect_url: str = ""
    confirmed_url: str = ""
    email: str = ""
    per_hour: int = 200
    active: bool = True


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`texts`, `fields` and `segments` are given whole. With `version` the change is refused where it is another."""

    name: str | UnsetType = UNSET
    from_address: str | UnsetType = UNSET
    texts: dict[str, dict[str, str]] | UnsetType = UNSET
    from_name: str | UnsetType = UNSET
    segments: list[str] | UnsetType = UNSET
    fields: list[dict[str, Any]] | UnsetType = UNSET
    language: str | UnsetType = UNSET
    redirect_url: str | UnsetType = UNSET
    confirmed_url: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    per_hour: int | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    version: int | None = None


@route(blueprint, "POST", "/forms")
def create(call: Call) -> Response:
    made = forms.create(call.world, msgspec.structs.asdict(call.decoded(New)))
    return answer(_shown(call, made), 201)


@route(blueprint, "GET", "/forms")
def index(call: Call) -> object:
    items, cursor = forms.page(call.world, call.limit, call.cursor)
    known = forms.uses(call.world, items)
    return page([shown(each, known[each.id], call.world.base_url) for each in items], cursor)


@route(blueprint, "GET", "/forms/{form_id}")
def read(call: Call, form_id: str) -> object:
    return _shown(call, forms.read(call.world, form_id))


@route(blueprint, "PATCH", "/forms/{form_id}")
def update(call: Call, form_id: str) -> object:
    changes, version = call.changes(Changes)
    return _shown(call, forms.update(call.world, form_id, changes, version))


@route(blueprint, "DELETE", "/forms/{form_id}")
def delete(call: Call, form_id: str) -> Response:
    forms.delete(call.world, form_id)
    return empty()


def _shown(call: Call, form: Form) -> dict[str, Any]:
    return shown(form, forms.uses(call.world, [form])[form.id], call.world.base_url)


def shown(form: Form, use: FormUse, base_url: str) -> dict[str, Any]:
    """`url` is the page to send people to, and what a form of one's own posts to. `asked` are the entries that it has
    had in all, `confirmed` the sign-ups that came of them.
    """
    return asdict(form) | {
        "email": form.email or None,
        "redirect_url": form.redirect_url or None,
        "confirmed_url": form.confirmed_url or None,
        "url": f"{base_url}/f/{form.id}",
        "asked": use.asked,
        "confirmed": use.confirmed,
        "created_at": iso(form.created_at),
        "updated_at": iso(form.updated_at),
    }
