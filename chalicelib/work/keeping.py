"""The few things that a team keeps on shelves: found by id, changed and deleted by version, each in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from chalicelib.model.api_key import ApiKey
from chalicelib.model.category import Category
from chalicelib.model.company import Company
from chalicelib.model.definition import Definition
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.form import Form
from chalicelib.model.ids import is_id
from chalicelib.model.member import Member
from chalicelib.model.owner import Owner
from chalicelib.model.stage import Stage
from chalicelib.model.tag import Tag
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import pages
from chalicelib.work.ports.shelf import Shelf
from chalicelib.work.world import World

Thing = TypeVar("Thing", Owner, Company, Definition, Category, Form, Tag, Stage, Member, ApiKey, TransportSetup)
Each = TypeVar("Each")
Check = Callable[[World, object], Any]


def found(shelf: Shelf[Thing], kind: str, thing_id: str) -> Thing:
    thing = shelf.read(thing_id) if is_id(thing_id) else None
    if thing is None:
        raise NotFound(f"There is no {kind} {thing_id[:60]!r}.", field="id")
    return thing


def created(shelf: Shelf[Thing], thing: Thing) -> Thing:
    if not shelf.create(thing):
        raise Conflict(f"The id {thing.id} is taken.", field="id", hint="Try again.")
    return thing


def changed(world: World, shelf: Shelf[Thing], before: Thing, after: Thing, beside: Thing | None = None) -> Thing:
    """The thing as it was written; Conflict where somebody else wrote it, or `beside`, which has to stand meanwhile.
    What changes nothing writes nothing.
    """
    if after == before:
        return before
    after = replace(after, version=before.version + 1, updated_at=world.now())
    if not shelf.update(after, before.version, beside):
        raise moved_on(before.id)
    return after


def deleted(shelf: Shelf[Thing], thing: Thing, beside: Thing | None = None) -> Thing:
    """What it was; Conflict as for `changed`."""
    if not shelf.delete(thing.id, thing.version, beside):
        raise moved_on(thing.id)
    return thing


def every(shelf: Shelf[Each]) -> Iterator[Each]:
    return pages.every(shelf.page)


def checked(world: World, checks: Mapping[str, Check], given: Mapping[str, object]) -> dict[str, Any]:
    """What was given, each by its own check; Invalid for a name that has none."""
    unknown = sorted(given.keys() - checks.keys())
    if unknown:
        raise Invalid(unknown[0], given[unknown[0]], f"These can be given: {', '.join(checks)}.")
    return {name: checks[name](world, value) for name, value in given.items()}


class Versioned(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


def expect(before: Versioned, expected_version: int | None) -> None:
    if expected_version is not None and expected_version != before.version:
        raise moved_on(before.id)


def moved_on(thing_id: str) -> Conflict:
    message = f"{thing_id} was changed meanwhile."
    return Conflict(message, field="version", hint="Read it again and repeat your change.")
