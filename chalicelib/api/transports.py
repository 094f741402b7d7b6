"""`/v1/transports`: the workspace's ways out, in their order. Secrets are in SSM and never here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint, Response
from msgspec import UNSET, UnsetType

from chalicelib.api.answers import answer, empty, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.model.outcome import Accepted
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import transport_standing, transport_trial, transports
from chalicelib.work.world import World

blueprint = Blueprint(__name__)


class Changes(msgspec.Struct, forbid_unknown_fields=True):
    """`settings`, `limits` and `warm_up` are given whole. With `version` the change is refused where it is another."""

    position: int | UnsetType = UNSET
    share: int | UnsetType = UNSET
    uses: list[str] | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET
    limits: dict[str, Any] | UnsetType = UNSET
    warm_up: dict[str, Any] | UnsetType | None = UNSET
    version: int | None = None


class New(Changes, forbid_unknown_fields=True, kw_only=True):
    name: str
    provider: str


class Tried(msgspec.Struct, forbid_unknown_fields=True):
    """`from_address` is one that the provider lets us send from."""

    to: str
    from_address: str


@route(blueprint, "POST", "/transports")
def create(call: Call) -> Response:
    given, _ = call.changes(New)
    made = transports.create(call.world, given.pop("name"), given.pop("provider"), given)
    return answer(shown(call.world, made), 201)


@route(blueprint, "GET", "/transports")
def index(call: Call) -> object:
    """In their order within a page: all of them fit into one."""
    items, cursor = transports.page(call.world, call.limit, call.cursor)
    return page([shown(call.world, each) for each in items], cursor)


@route(blueprint, "GET", "/transports/{name}")
def read(call: Call, name: str) -> object:
    """With how it stands: whether it is used, and how fast."""
    setup = transports.read(call.world, name)
    return shown(call.world, setup) | {"standing": _standing(transport_standing.of(call.world, setup))}


@route(blueprint, "PATCH", "/transports/{name}")
def update(call: Call, name: str) -> object:
    changes, version = call.changes(Changes)
    return shown(call.world, transports.update(call.world, name, changes, version))


@route(blueprint, "DELETE", "/transports/{name}")
def delete(call: Call, name: str) -> Response:
    transports.delete(call.world, name)
    return empty()


@route(blueprint, "POST", "/transports/{name}/test")
def test(call: Call, name: str) -> object:
    """One letter, tried once. `taken` is null where nobody can know."""
    given = call.decoded(Tried)
    trial = transport_trial.run(call.world, name, given.to, given.from_address)
    accepted = isinstance(trial.outcome, Accepted)
    return {
        "taken": trial.taken,
        "provider_id": trial.outcome.provider_id if isinstance(trial.outcome, Accepted) else None,
        "reason": None if accepted else getattr(trial.outcome, "reason", None),
        "milliseconds": trial.milliseconds,
    }


def _standing(standing: transport_standing.Standing) -> dict[str, Any]:
    """`state` is closed where it is used, open where it failed, half_open while one call tries it; `until` when it is
    tried next. Rates are recipients a second.
    """
    return {
        "state": standing.state,
        "reason": standing.reason or None,
        "until": iso(standing.until),
        "per_second": standing.per_second,
        "at_most": standing.at_most,
        "in_hour": standing.in_hour,
        "in_day": standing.in_day,
    }


def shown(world: World, setup: TransportSetup) -> dict[str, Any]:
    """`secret` is the name of the SSM parameter (SecureString) that the key or the password is read from."""
    warm_up = setup.warm_up
    return {
        "name": setup.id,
        "provider": setup.provider,
        "position": setup.position,
        "share": setup.share,
        "uses": setup.uses,
        "active": setup.active,
        "settings": dict(setup.settings),
        "secret": None if setup.provider == "ses" else world.transports.secret(setup),
        "gives_evidence": setup.gives_evidence,
        "limits": asdict(setup.limits),
        "warm_up": {"starts": warm_up.starts.isoformat(), "volumes": list(warm_up.volumes)} if warm_up else None,
        "version": setup.version,
        "created_at": iso(setup.created_at),
        "updated_at": iso(setup.updated_at),
    }
