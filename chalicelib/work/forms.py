"""Sign-up forms: what they ask, what people agree to, and where they lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from chalicelib.compose.url import ascii_url
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.fields import checked_alias
from chalicelib.model.form import (
    MAX_ASKED,
    MAX_CONSENT,
    MAX_FORMS,
    MAX_JOINED,
    MAX_PER_HOUR,
    MAX_THANKS,
    MAX_TITLE,
    Asked,
    Form,
    FormText,
    FormUse,
)
from chalicelib.model.ids import is_id
from chalicelib.model.line import line, lines
from chalicelib.model.locale import locale_tag
from chalicelib.model.web_address import web_address
from chalicelib.work import keeping
from chalicelib.work.addresses import MAX_TYPED, normalised
from chalicelib.work.world import World

MAX_NAME = 100
MAX_LANGUAGES = 20
TEXTS: Mapping[str, int] = MappingProxyType({"consent": MAX_CONSENT, "title": MAX_TITLE, "thanks": MAX_THANKS})


def create(world: World, given: Mapping[str, object]) -> Form:
    """A form of `name`, `from_address`, `texts` and any other of CHECKS. Raises Invalid, and Conflict where there
    are too many.
    """
    for needed in ("name", "from_address", "texts"):
        if needed not in given:
            raise Invalid(needed, None, "This field is needed.")
    now = world.now()
    form = Form(world.new_id(), "", "", created_at=now, updated_at=now)
    form = _together(replace(form, **keeping.checked(world, CHECKS, given)))
    if len(list(keeping.every(world.forms))) >= MAX_FORMS:
        raise Conflict(f"There are {MAX_FORMS} forms already.", hint="Delete one that nobody needs.")
    return keeping.created(world.forms, form)


def read(world: World, form_id: str) -> Form:
    return keeping.found(world.forms, "form", form_id)


def update(world: World, form_id: str, changes: Mapping[str, object], expected_version: int | None = None) -> Form:
    """Raises NotFound, Invalid, and Conflict: another version. What was agreed to keeps its own words."""
    before = read(world, form_id)
    keeping.expect(before, expected_version)
    after = _together(replace(before, **keeping.checked(world, CHECKS, changes)))
    return keeping.changed(world, world.forms, before, after)


def delete(world: World, form_id: str) -> Form:
    """Confirmations that are under way lead nowhere from then on: one that is not active keeps them."""
    return keeping.deleted(world.forms, read(world, form_id))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Form], str | None]:
    return world.forms.page(limit, cursor)


def uses(world: World, forms: Sequence[Form]) -> dict[str, FormUse]:
    """How much each of them was used, by id; one that nobody has filled in is there too."""
    known = world.form_uses.read_many([each.id for each in forms]) if forms else {}
    return {each.id: known.get(each.id, FormUse(each.id)) for each in forms}


def _together(form: Form) -> Form:
    if form.language not in form.texts:
        mend = "Give the texts in the form's own language too: it is for everybody who reads none of the others."
        raise Invalid("texts", sorted(form.texts), mend)
    return form


def _segments(world: World, value: object) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(_list("segments", value, MAX_JOINED)))
    known = world.segments.read_many([str(each) for each in unique if isinstance(each, str) and is_id(each)])
    for each in unique:
        if each not in known or not known[str(each)].is_list:
            raise Invalid("segments", each, "Give ids of static lists: nobody can be put on a live filter.")
    return tuple(map(str, unique))


def _fields(_world: World, value: object) -> tuple[Asked, ...]:
    asked = tuple(_asked(f"fields[{n}]", each) for n, each in enumerate(_list("fields", value, MAX_ASKED)))
    if len({each.alias for each in asked}) < len(asked):
        raise Invalid("fields", [each.alias for each in asked], "Each field is asked for once.")
    return asked


def _asked(place: str, value: object) -> Asked:
    if not isinstance(value, Mapping) or not value.keys() <= {"alias", "needed"}:
        raise Invalid(place, value, 'Give {"alias": "firstname", "needed": false}.')
    needed = value.get("needed", False)
    if not isinstance(needed, bool):
        raise Invalid(f"{place}.needed", needed, "Give true or false.")
    return Asked(checked_alias(str(value.get("alias", "")), f"{place}.alias"), needed)


def _texts(_world: World, value: object) -> dict[str, FormText]:
    if not isinstance(value, Mapping) or not 0 < len(value) <= MAX_LANGUAGES:
        mend = f'Give an object of 1 to {MAX_LANGUAGES} languages, such as {{"en": {{"consent": "Send me news."}}}}.'
        raise Invalid("texts", value, mend)
    return {locale_tag(str(tag), "texts"): _text(f"texts.{tag}", words) for tag, words in value.items()}


def _text(place: str, words: object) -> FormText:
    if not isinstance(words, Mapping) or not words.keys() <= TEXTS.keys():
        raise Invalid(place, words, f"Give an object with {', '.join(TEXTS)}.")
    found = FormText(**{name: lines(words.get(name, ""), f"{place}.{name}", most) for name, most in TEXTS.items()})
    if not found.consent:
        raise Invalid(f"{place}.consent", "", "Say what people agree to: this is kept as the proof of their consent.")
    return found


def _url(name: str) -> keeping.Check:
    def check(_world: World, value: object) -> str:
        if value == "":
            return ""
        return ascii_url(web_address(line(value, name, 1_000), name))

    return check


def _email(world: World, value: object) -> str:
    if value == "":
        return ""
    email = world.emails.read(value) if isinstance(value, str) and is_id(value) else None
    if email is None or email.kind != "template":
        raise Invalid("email", value, "Give the id of a template e-mail, with {confirm_url} in it.")
    return email.id


def _per_hour(_world: World, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_PER_HOUR:
        raise Invalid("per_hour", value, f"Give a whole number from 1 to {MAX_PER_HOUR}.")
    return value


def _active(_world: World, value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid("active", value, "Give true or false.")
    return value


def _address(_world: World, value: object) -> str:
    return normalised(line(value, "from_address", MAX_TYPED), "from_address")


def _list(name: str, value: object, most: int) -> Sequence[object]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > most:
        raise Invalid(name, value, f"Give a list of at most {most}.")
    return value


CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "name": lambda _world, value: line(value, "name", MAX_NAME, needed=True),
        "from_address": _address,
        "from_name": lambda _world, value: line(value, "from_name", MAX_NAME),
        "segments": _segments,
        "fields": _fields,
        "language": lambda _world, value: locale_tag(line(value, "language", 35), "language"),
        "texts": _texts,
        "redirect_url": _url("redirect_url"),
        "confirmed_url": _url("confirmed_url"),
        "email": _email,
        "per_hour": _per_hour,
        "active": _active,
    }
)
