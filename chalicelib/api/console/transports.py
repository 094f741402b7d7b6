"""The ways out: set up, limited and tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint, Response

from chalicelib.api.console import transport_form
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.errors import Invalid
from chalicelib.model.transport_setup import MAX_SETUPS, PROVIDERS, USES, TransportSetup, ordered
from chalicelib.work import transport_trial, transports
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/transports"
# What the form begins with: whoever has no SES has a server.
FIRST = "smtp"
LIMITS = ("per_minute", "per_hour", "per_day", "batch")


@shows(blueprint, "/transports")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    found, _ = transports.page(visit.world, MAX_SETUPS, None)
    choices = [(each, said(visit.language, f"transports.provider.{each}")) for each in PROVIDERS]
    return visit.page(
        "transports/index",
        setups=ordered(found),
        by_default=not found,
        provider_choices=choices,
        fields=_fields(visit, visit.one("provider") or FIRST),
    )


@shows(blueprint, "/transports/settings")
def settings(visit: Visit) -> Response:
    """The part of the form that follows the provider."""
    require(visit.world, "admin")
    return visit.page("transports/settings", fields=_fields(visit, visit.browser.query.get("provider", "")))


@changes(blueprint, "/transports", again=index)
def create(visit: Visit) -> Response:
    made = transports.create(
        visit.world,
        visit.one("name"),
        visit.one("provider"),
        {"settings": transport_form.typed(visit, visit.one("provider"))},
    )
    return visit.go(f"{HERE}/{made.id}", "transports.made")


@shows(blueprint, "/transports/{name}")
def show(visit: Visit, name: str) -> Response:
    require(visit.world, "admin")
    return _page(visit, transports.read(visit.world, name))


def _show_again(visit: Visit, name: str) -> Response:
    return _page(visit, transports.read(visit.world, name))


@changes(blueprint, "/transports/{name}", again=_show_again)
def update(visit: Visit, name: str) -> Response:
    before = transports.read(visit.world, name)
    given: dict[str, object] = {
        "uses": visit.many("uses"),
        "active": visit.one("active") == "1",
        "settings": transport_form.typed(visit, before.provider),
        "limits": _limits(visit, before),
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
    secret = "" if setup.provider == "ses" else visit.world.transports.secret(setup)
    own = visit.world.members.read(visit.actor.id) if visit.actor and visit.actor.kind == "member" else None
    return visit.page(
        "transports/show",
        setup=setup,
        fields=_fields(visit, setup.provider, setup),
        secret=secret,
        uses=USES,
        limits=LIMITS,
        trial=trial,
        reason=getattr(trial.outcome, "reason", "") if trial else "",
        own=own.address if own else "",
        workspace_sender=visit.workspace.from_address,
        domain=visit.workspace.from_address.partition("@")[2],
    )


def _fields(visit: Visit, provider: str, setup: TransportSetup | None = None) -> list[dict[str, Any]]:
    """The provider's settings with what is kept of them."""
    return [
        {"setting": each, "kept": each.shown(setup), "choices": transport_form.choices_of(visit, each)}
        for each in transport_form.SETTINGS.get(provider, ())
    ]


def _limits(visit: Visit, before: TransportSetup) -> Mapping[str, object]:
    """Those of the form; domains and the interval stay as they are."""
    text = visit.one("per_second").replace(",", ".")
    try:
        per_second = float(text) if text else None
    except ValueError:
        raise Invalid("limits.per_second", text, "Give a number of recipients above 0, such as 0.5.") from None
    kept = {"interval_ms": before.limits.interval_ms, "domains": dict(before.limits.domains)}
    return {"per_second": per_second, **kept, **{name: visit.whole(name) for name in LIMITS}}
