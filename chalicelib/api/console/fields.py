"""Custom fields: what is known of each, and what it may become."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.definition import FIELD_TYPES, Choice, successors
from chalicelib.work import definitions
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/fields"


@shows(blueprint, "/fields")
def index(visit: Visit) -> Response:
    known = sorted(definitions.by_alias(visit.world).values(), key=lambda each: each.label.casefold())
    return visit.page("data/fields", fields=known, types=_types(visit, FIELD_TYPES))


@changes(blueprint, "/fields", again=index)
def create(visit: Visit) -> Response:
    field = definitions.create(visit.world, visit.one("alias"), _given(visit))
    return visit.go(HERE, "data.field-made", name=field.label)


@shows(blueprint, "/fields/{alias}")
def show(visit: Visit, alias: str) -> Response:
    require(visit.world, "editor")
    field = definitions.read(visit.world, alias)
    choices = "\n".join(_line(each) for each in field.choices)
    return visit.page("data/field", field=field, choices=choices, types=_types(visit, successors(field.type)))


@changes(blueprint, "/fields/{alias}", again=show)
def update(visit: Visit, alias: str) -> Response:
    given = _given(visit) | {"retired": visit.one("retired") == "1"}
    field = definitions.update(visit.world, alias, given, visit.whole("version"))
    return visit.go(HERE, "data.field-changed", name=field.label)


@changes(blueprint, "/fields/{alias}/delete", again=show)
def delete(visit: Visit, alias: str) -> Response:
    field = definitions.delete(visit.world, alias)
    return visit.go(HERE, "data.field-deleted", name=field.label)


def _given(visit: Visit) -> dict[str, Any]:
    given: dict[str, Any] = {name: visit.one(name) for name in ("label", "type", "default")}
    return given | {"choices": [_choice(line) for line in visit.one("choices").splitlines() if line.strip()]}


def _choice(line: str) -> dict[str, str]:
    """`value = label`, or a value that is its own label."""
    value, between, label = line.partition("=")
    return {"value": value.strip(), "label": label.strip()} if between else {"value": line.strip()}


def _line(choice: Choice) -> str:
    return choice.value if choice.label == choice.value else f"{choice.value} = {choice.label}"


def _types(visit: Visit, types: Iterable[str]) -> list[tuple[str, str]]:
    return [(each, said(visit.language, f"data.type.{each}")) for each in types]
