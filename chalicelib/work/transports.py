"""Transports as a workspace sets them up: made, changed, put in order, tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.transport_setup import MAX_SETUPS, NAME, PROVIDERS, SES, Provider, TransportSetup
from chalicelib.work import keeping
from chalicelib.work.transport_checks import CHECKS
from chalicelib.work.world import World


def create(world: World, name: str, provider: str, given: Mapping[str, object]) -> TransportSetup:
    """Behind the others where no `position` is given. Raises Invalid, and Conflict: the name is taken, there is one of
    SES already (the account's quota is one), or there are too many.
    """
    others = list(keeping.every(world.transport_setups))
    _free(others, _name(name), _provider(provider))
    now, last = world.now(), max((each.position for each in others), default=0)
    blank = TransportSetup(name, _provider(provider), last + 1, created_at=now, updated_at=now)
    setup = replace(blank, **keeping.checked(world, CHECKS, given))
    world.transports.check(setup)
    if not world.transport_setups.create(setup):
        raise _taken(name)
    return setup


def prepare(world: World, name: str, provider: str, given: Mapping[str, object]) -> TransportSetup:
    """As `create`, but nothing goes out by it before it is tried and switched on; SES, which sends alone where nothing
    is set up, is set up beside it and goes on.
    """
    if provider == SES:
        return create(world, name, provider, given)
    if next(keeping.every(world.transport_setups), None) is None:
        create(world, SES, SES, {})
    return create(world, name, provider, {**given, "active": False})


def read(world: World, name: str) -> TransportSetup:
    setup = world.transport_setups.read(name) if NAME.fullmatch(name) else None
    if setup is None:
        raise NotFound(f"There is no transport {name[:60]!r}.", field="name")
    return setup


def update(
    world: World, name: str, changes: Mapping[str, object], expected_version: int | None = None
) -> TransportSetup:
    """`settings`, `limits` and `warm_up` are given whole. Raises NotFound, Invalid, and Conflict: another version."""
    before = read(world, name)
    keeping.expect(before, expected_version)
    after = replace(before, **keeping.checked(world, CHECKS, changes))
    world.transports.check(after)
    return keeping.changed(world, world.transport_setups, before, after)


def delete(world: World, name: str) -> None:
    """Calls that have begun end; what it may have sent stays in doubt as before. Behind the last one there is SES."""
    keeping.deleted(world.transport_setups, read(world, name))


def page(world: World, limit: int, cursor: str | None) -> tuple[list[TransportSetup], str | None]:
    """Pages are by name; each is in the order of places."""
    setups, following = world.transport_setups.page(limit, cursor)
    return sorted(setups, key=lambda each: (each.position, each.id)), following


def _free(others: list[TransportSetup], name: str, provider: Provider) -> None:
    if len(others) >= MAX_SETUPS:
        raise Conflict(f"There are {MAX_SETUPS} transports already.", hint="Delete one that nobody needs.")
    if name in {each.id for each in others}:
        raise _taken(name)
    ses = next((each.id for each in others if provider == each.provider == "ses"), None)
    if ses is not None:
        raise Conflict(f"The transport {ses} is SES already: its quota is the account's, and one.", field="provider")


def _taken(name: str) -> Conflict:
    hint = f"Change that one: PATCH /v1/transports/{name}."
    return Conflict(f"There is a transport {name} already.", field="name", hint=hint)


def _name(name: object) -> str:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise Invalid("name", name, "Give 1 to 20 lower-case letters, digits and hyphens, a letter first.")
    return name


def _provider(provider: Any) -> Provider:  # noqa: ANN401  # whatever a caller gave
    if provider not in PROVIDERS:
        raise Invalid("provider", provider, f"Give one of {', '.join(PROVIDERS)}.")
    found: Provider = provider
    return found
