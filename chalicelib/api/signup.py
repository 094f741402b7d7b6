"""Public sign-up forms: `/f/{form}`, from our own page or anybody's, and the link of the letter that confirms.

The answer is the same whether the address was known or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import JSON, Malformed, answer, error, fault_answer
from chalicelib.api.anyone import PRIVATE, plain_page, public, side_of
from chalicelib.api.bodies import decoded
from chalicelib.api.form_inputs import input_of
from chalicelib.api.reader import MAX_FORM, Posted, Reader, body_of, one, posted, reader_of
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.form import Form
from chalicelib.model.ids import is_id
from chalicelib.work import definitions, signing_up
from chalicelib.work.built_in_letters import words_of
from chalicelib.work.signing_up import Closed, Crowded, Entry

blueprint = Blueprint(__name__)

# A page of any site may post here: nothing that the answer says is anybody's.
ANY_SITE: Mapping[str, str] = MappingProxyType(
    {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type", **PRIVATE}
)


class Json(msgspec.Struct, forbid_unknown_fields=True):
    """`homepage` is the field that no person fills in."""

    address: str
    consent: bool = False
    fields: dict[str, Any] = {}
    language: str = ""
    homepage: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    form: Form
    reader: Reader
    entry: Entry


@public(blueprint, "GET", "/f/{form}")
def show(form: str) -> Response:
    wished = _query().get("language", "")
    reader = reader_of(blueprint, source="form", wished=wished)
    found = _form(reader, form)
    if found is None:
        return _lost()
    return _page(Filled(found, reader, Entry(""))) if found.active else reader.page("closed", 410)


@public(blueprint, "OPTIONS", "/f/{form}")
def ask_whether(form: str) -> Response:  # noqa: ARG001  # the same for every form
    """A browser asks before it posts JSON from another site (CORS)."""
    return Response("", {**ANY_SITE, "Access-Control-Allow-Methods": "POST"}, 204)


@public(blueprint, "POST", "/f/{form}")
def sign_up(form: str) -> Response:
    """`application/json` (`Json`) is answered in JSON, a form with a page or the form's own redirect."""
    if (blueprint.current_request.headers.get("content-type") or "").lower().startswith(JSON):
        told = _of_json(form)
        told.headers.update(ANY_SITE)
        return told
    fields = posted(blueprint)
    reader = reader_of(blueprint, source="form", wished=one(fields, "_language")[:35])
    found = _form(reader, form)
    return _lost() if found is None else _of_form(Filled(found, reader, _entry(found, fields)))


@public(blueprint, "GET", "/f/{form}/confirm/{token}")
def ask_to_confirm(form: str, token: str) -> Response:
    found = _confirming(form, token)
    if isinstance(found, Response):
        return found
    reader, _, confirming = found
    return reader.page("confirm", consent=confirming.asked.text, spoken=confirming.asked.language)


@public(blueprint, "POST", "/f/{form}/confirm/{token}")
def confirm(form: str, token: str) -> Response:
    found = _confirming(form, token)
    if isinstance(found, Response):
        return found
    reader, the_form, confirming = found
    signing_up.confirm(reader.world, the_form, confirming, reader.visit)
    if the_form.confirmed_url:
        return Response("", {**PRIVATE, "Location": the_form.confirmed_url}, 303)
    letter = signing_up.letter_of(reader.world, confirming.asked)
    preferences = f"../../../p/{reader.world.signer.token(letter)}" if letter else ""
    return reader.page("confirmed", preferences=preferences)


def _of_form(filled: Filled) -> Response:
    try:
        _sign_up(filled)
    except Invalid as fault:
        return _page(filled, 422, wrong=_label(filled, fault.field or ""))
    except Closed:
        return filled.reader.page("closed", 410)
    except Crowded:
        return filled.reader.page("busy", 429)
    if filled.form.redirect_url:
        return Response("", {**PRIVATE, "Location": filled.form.redirect_url}, 303)
    return filled.reader.page("asked", thanks=filled.form.text(filled.reader.language)[1].thanks)


def _of_json(form: str) -> Response:
    raw = body_of(blueprint)
    try:
        if len(raw) > MAX_FORM:
            raise Malformed("The body is too long.", hint=f"At most {MAX_FORM} bytes are taken here.")
        given = decoded(raw, Json)
        reader = reader_of(blueprint, source="form", wished=given.language[:35])
        found = _form(reader, form)
        if found is None:
            return error(404, "not_found", "There is no such form.")
        _sign_up(Filled(found, reader, Entry(given.address, given.fields, agreed=given.consent, trap=given.homepage)))
    except Closed as fault:
        return error(410, fault.code, fault.message)
    except Crowded as fault:
        return error(429, fault.code, fault.message, hint=fault.hint)
    except Fault as fault:
        return fault_answer(fault)
    return answer({"state": "asked"}, 202)


def _sign_up(filled: Filled) -> None:
    reader = filled.reader
    words = words_of(reader.words, reader.language, "signup")
    signing_up.sign_up(reader.world, filled.form, filled.entry, words, reader.visit)


def _entry(form: Form, fields: Posted) -> Entry:
    values = {each.alias: one(fields, each.alias) for each in form.fields}
    return Entry(one(fields, "address"), values, agreed=one(fields, "_consent") == "1", trap=one(fields, "_homepage"))


def _confirming(form: str, token: str) -> tuple[Reader, Form, signing_up.Confirming] | Response:
    contact = signing_up.contact_of(side_of(blueprint).signer, token)
    if contact is None:
        return _lost()
    reader = reader_of(blueprint, source="form")
    found = _form(reader, form)
    confirming = signing_up.confirming(reader.world, form, token) if found else None
    if found is None or confirming is None:
        return reader.page("late", 404)
    return reader_of(blueprint, contact, source="form"), found, confirming


def _form(reader: Reader, form: str) -> Form | None:
    return reader.world.forms.read(form) if is_id(form) else None


def _page(filled: Filled, status: int = 200, wrong: str = "") -> Response:
    form, reader, entry = filled.form, filled.reader, filled.entry
    spoken, text = form.text(reader.language)
    known = definitions.by_alias(reader.world)
    return reader.page(
        "signup",
        status,
        leads_to=[form.redirect_url],
        title=text.title,
        consent=text.consent,
        spoken=spoken,
        wrong=wrong,
        address=entry.address[:254],
        fields=[input_of(each, known.get(each.alias), entry.values.get(each.alias)) for each in form.fields],
    )


def _label(filled: Filled, field: str) -> str:
    """The field's name as the page shows it."""
    words, alias = filled.reader.words, field.removeprefix("fields.")
    named = {"address": words["signup.address"], "consent": words["signup.consent"]}
    known = definitions.by_alias(filled.reader.world).get(alias)
    return named.get(alias) or (known.label if known else alias)


def _query() -> Mapping[str, str]:
    return blueprint.current_request.query_params or {}


def _lost() -> Response:
    return plain_page("lost", 404, blueprint.current_request.headers.get("accept-language") or "")
