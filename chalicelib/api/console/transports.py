"""The ways out: set up, limited and tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.errors import Invalid
from chalicelib.model.transport_setup import MAX_SETUPS, PROVIDERS, USES, TransportSetup, ordered
from chalicelib.work import transport_trial, transports
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/transports"
LIMITS = ("per_minute", "per_hour", "per_day", "batch")


@shows(blueprint, "/transports")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    found, _ = transports.page(visit.world, MAX_SETUPS, None)
    choices = [(each, said(visit.language, f"transports.provider.{each}")) for each in PROVIDERS]
    return visit.page("transports/index", setups=ordered(found), by_default=not found, provider_choices=choices)


@changes(blueprint, "/transports", again=index)
def create(visit: Visit) -> Response:
    made = transports.create(visit.world, visit.one("name"), visit.one("provider"), {"settings": _settings(visit)})
    return visit.go(f"{HERE}/{made.id}", "transports.made")


@shows(blueprint, "/transports/{name}")
def show(visit: Visit, name: str) -> Response:
    require(visit.world, "admin")
    return _page(visit, transports.read(visit.world, name))


def _show_again(visit: Visit, name: str) -> Response:
    return _page(visit, transports.read(visit.world, name))


@changes(blueprint, "/transports/{name}", again=_show_again)
def update(visit: Visit, name: str) -> Response:
    given: dict[str, object] = {
        "uses": visit.many("uses"),
        "active": visit.one("active") == "1",
        "settings": _settings(visit),
        "limits": _limits(visit, transports.read(visit.world, name)),
    }
    given |= {each: number for each in ("position", "share") if (number := visit.whole(each)) is not None}
    transports.update(visit.world, name, given, visit.whole("version"))
    return visit.go(f"{HERE}/{name}", "transports.saved")


@changes(blueprint, "/transports/{name}/remove")
def remove(visit: Visit, name: str) -> Response:
    transports.delete(visit.world, name)
    return visit.go(HERE, "transports.removed", name=name)


@changes(blueprint, "/transports/{name}/test", again=_show_again)
def test(visit: Visit, name: str) -> Response:
    """Answered with the page itself, which says what the provider said."""
    sender = visit.one("from_address") or visit.workspace.from_address
    trial = transport_trial.run(visit.world, name, visit.one("to"), sender)
    return _page(visit, transports.read(visit.world, name), trial)


def _page(visit: Visit, setup: TransportSetup, trial: transport_trial.Trial | None = None) -> Response:
    written = "\n".join(f"{name} = {value}" for name, value in sorted(setup.settings.items()))
    secret = "" if setup.provider == "ses" else visit.world.transports.secret(setup)
    own = visit.world.members.read(visit.actor.id) if visit.actor and visit.actor.kind == "member" else None
    return visit.page(
        "transports/show",
        setup=setup,
        settings=written,
        secret=secret,
        uses=USES,
        limits=LIMITS,
        trial=trial,
        reason=getattr(trial.outcome, "reason", "") if trial else "",
        own=own.address if own else "",
        workspace_sender=visit.workspace.from_address,
        domain=visit.workspace.from_address.partition("@")[2],
    )


def _settings(visit: Visit) -> dict[str, Any]:
    """A setting a line, `name = value`; whole numbers are numbers."""
    found: dict[str, Any] = {}
    for text in visit.one("settings").splitlines():
        name, equals, value = (part.strip() for part in text.partition("="))
        if not text.strip():
            continue
        if not equals or not name:
            raise Invalid("settings", text, "Write a setting a line, such as: host = smtp.example.com")
        found[name] = int(value) if value.isascii() and value.isdecimal() else value
    return found


def _limits(visit: Visit, before: TransportSetup) -> Mapping[str, object]:
    """Those of the form; domains and the interval stay as they are."""
    text = visit.one("per_second").replace(",", ".")
    try:
        per_second = float(text) if text else None
    except ValueError:
        raise Invalid("limits.per_second", text, "Give a number of recipients above 0, such as 0.5.") from None
    kept = {"interval_ms": before.limits.interval_ms, "domains": dict(before.limits.domains)}
    return {"per_second": per_second, **kept, **{name: visit.whole(name) for name in LIMITS}}
