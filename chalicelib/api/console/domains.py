"""A sending domain's DNS records: what is to stand there, and what does."""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.console.doors import shows
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import said
from chalicelib.model.errors import Fault
from chalicelib.model.transport_setup import MAX_SETUPS, PROVIDERS, Provider, ordered
from chalicelib.work import sender_records, transports
from chalicelib.work.permitting import require

blueprint = Blueprint(__name__)


@shows(blueprint, "/domains")
def index(visit: Visit) -> Response:
    require(visit.world, "admin")
    domain = visit.browser.query.get("domain", "").strip() or visit.workspace.from_address.partition("@")[2]
    choices = [(each, said(visit.language, f"transports.provider.{each}")) for each in PROVIDERS]
    return visit.page("transports/domains", domain=domain, provider=_provider(visit), provider_choices=choices)


@shows(blueprint, "/domains/records")
def records(visit: Visit) -> Response:
    """The part of the page that asks DNS, once the page is there: a domain may take its time."""
    require(visit.world, "admin")
    domain, provider = visit.browser.query.get("domain", "").strip(), _provider(visit)
    try:
        found = sender_records.records(visit.world, domain, provider) if domain else []
    except Fault as fault:
        return visit.page("transports/records", met=fault, records=[], domain=domain, provider=provider)
    return visit.page("transports/records", met=None, records=found, domain=domain, provider=provider)


def _provider(visit: Visit) -> Provider:
    """The one that is asked for, else that of the first transport in use."""
    asked = visit.browser.query.get("provider", "")
    if asked in PROVIDERS:
        return asked
    setups, _ = transports.page(visit.world, MAX_SETUPS, None)
    return next((each.provider for each in ordered(setups) if each.active), "ses")
