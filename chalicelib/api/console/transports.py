"""The ways out: set up, limited and tried."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console import transport_form
from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import words
from chalicelib.model.transport_setup import MAX_SETUPS, PROVIDERS, USES, Provider, TransportSetup, ordered
from chalicelib.work import transport_trial, transports
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)

HERE = "/console/transports"


@shows(blueprint, "/transports")
def index(visit: Visit) -> Response:
    """With the form for one more of the provider that is asked for, or was posted."""
    require(visit.world, "admin")
    found, _ = transports.page(visit.world, MAX_SETUPS, None)
    set_up = {each.provider for each in found}
    offered: list[Provider] = [each for each in PROVIDERS if each != "ses" or each not in set_up]
    wanted = visit.one("provider") or visit.browser.query.get("add")
    provider: Provider = next((each for each in offered if each == wanted), "smtp")
    return visit.page(
        "transports/index",
        setups=ordered(found),
        by_default=not found,
        offered=offered if len(found) < MAX_SETUPS else [],
        provider=provider,
        inputs=transport_form.inputs(visit, provider, {}),
    )


@changes(blueprint, "/transports", again=index)
def create(visit: Visit) -> Response:
    provider = next((each for each in PROVIDERS if each == visit.one("provider")), None)
    settings = transport_form.settings(visit, provider) if provider else {}
    made = transports.prepare(visit.world, visit.one("name"), visit.one("provider"), {"settings": settings})
    return visit.go(f"{HERE}/{made.id}", "transports.saved" if made.active else "transports.made")


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
        "settings": transport_form.settings(visit, before.provider),
        "limits": transport_form.limits(visit, before),
        "warm_up": transport_form.warm_up(visit),
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
    trial = transport_trial.run(visit.world, name, visit.one("to"), sender, _wording(visit.language))
    return _page(visit, transports.read(visit.world, name), trial)


def _wording(language: str) -> transport_trial.Wording:
    subject, letter = (str(words(language)[f"transports.trial.{each}"]) for each in ("subject", "said"))
    return transport_trial.Wording(subject, letter)


def _page(visit: Visit, setup: TransportSetup, trial: transport_trial.Trial | None = None) -> Response:
    secret = "" if setup.provider == "ses" else visit.world.transports.secret(setup)
    own = visit.world.members.read(visit.actor.id) if visit.actor and visit.actor.kind == "member" else None
    return visit.page(
        "transports/show",
        setup=setup,
        inputs=transport_form.inputs(visit, setup.provider, setup.settings),
        domains=transport_form.domains_text(setup),
        volumes=transport_form.volumes_text(setup.warm_up),
        secret=secret,
        uses=USES,
        trial=trial,
        reason=getattr(trial.outcome, "reason", "") if trial else "",
        own=own.address if own else "",
        workspace_sender=visit.workspace.from_address,
        domain=visit.workspace.from_address.partition("@")[2],
    )
