"""Definitions of custom fields: made, changed and retired while contacts have values in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.model.contact import ALIAS, Value
from chalicelib.model.defining import edited
from chalicelib.model.definition import FIELD_TYPES, MAX_DEFINITIONS, Definition, FieldType, successors
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.fields import checked_alias, checked_fields, checked_text
from chalicelib.model.typed import typed
from chalicelib.work import keeping
from chalicelib.work.addresses import normalised
from chalicelib.work.world import World

By = Mapping[str, Definition]


def create(world: World, alias: str, given: Mapping[str, object]) -> Definition:
    """Values that contacts have under this alias stay as they are. Raises Invalid and Conflict."""
    now = world.now()
    blank = Definition(checked_alias(alias, "alias"), alias, created_at=now, updated_at=now)
    definition = _edited(blank, given, FIELD_TYPES)
    known = by_alias(world)
    if len(known) >= MAX_DEFINITIONS:
        raise Conflict(f"There are {MAX_DEFINITIONS} fields already.", hint="Delete one that is retired.")
    if alias in known or not world.definitions.create(definition):
        hint = f"Change that one: PATCH /v1/fields/{alias}."
        raise Conflict(f"There is a field {alias} already.", field="alias", hint=hint)
    return definition


def read(world: World, alias: str) -> Definition:
    definition = world.definitions.read(alias) if ALIAS.fullmatch(alias) else None
    if definition is None:
        raise NotFound(f"There is no field {alias[:60]!r}.", field="alias")
    return definition


def update(world: World, alias: str, changes: Mapping[str, object], expected_version: int | None = None) -> Definition:
    """Values that contacts have stay as they are, whatever is changed: choices too hold for new values alone.

    The type may become one that takes every value of the old one (`model/definition.py` `successors`). Choices fall
    away with a type that has none. Raises NotFound, Invalid, and Conflict: another version.
    """
    before = read(world, alias)
    keeping.expect(before, expected_version)
    after = _edited(before, changes, successors(before.type))
    return keeping.changed(world, world.definitions, before, after)


def delete(world: World, alias: str) -> Definition:
    """Contacts keep their values, and the field takes from then on what a field without a definition takes."""
    return keeping.deleted(world.definitions, read(world, alias))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Definition], str | None]:
    return world.definitions.page(limit, cursor)


def by_alias(world: World) -> dict[str, Definition]:
    """All of them: read once for a request or a batch of lines, not for each contact."""
    return {each.alias: each for each in keeping.every(world.definitions)}


def checked(world: World, fields: object) -> dict[str, Value]:
    """Fields as they are kept: by their definitions, and by `model/fields.py` alone where there is none.

    A null stays: in an update it removes the field. Invalid names the alias (`fields.plan`), the value and the mend.
    """
    if not isinstance(fields, Mapping):
        raise Invalid("fields", fields, 'Give an object of fields by alias, such as {"firstname": "Ann"}.')
    return typed_fields(by_alias(world), fields) if fields else {}


def typed_fields(known: By, fields: Mapping[str, object]) -> dict[str, Value]:
    """As `checked`, by definitions that were read."""
    return {
        alias: typed_value(known[alias], value, f"fields.{alias}") if alias in known else value
        for alias, value in checked_fields(fields).items()
    }


def typed_value(definition: Definition, value: Value, place: str) -> Value:
    """A checked value as the field keeps it, addresses normalised; None for none. Raises Invalid."""
    kept = typed(definition, value, place)
    return normalised(kept, place) if definition.type == "email" and isinstance(kept, str) else kept


def defaults(known: By) -> dict[str, Value]:
    """What a new contact has where nothing else is said."""
    standing = (each for each in known.values() if each.default and not each.retired)
    return {each.alias: typed_value(each, each.default, each.alias) for each in standing}


def _edited(before: Definition, given: Mapping[str, object], types: Sequence[FieldType]) -> Definition:
    after = edited(before, given, types)
    if after.default:
        typed_value(replace(after, retired=False), checked_text(after.default, "default"), "default")
    return after
