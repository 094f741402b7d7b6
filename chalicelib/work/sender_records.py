"""The DNS records of a sending domain, looked up as they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from chalicelib.model.dns_record import DnsRecord, judged, wanted
from chalicelib.model.transport_setup import SES, Provider
from chalicelib.work.addresses import domain_name
from chalicelib.work.world import World

AMAZON = ".amazonaws.com"


def records(world: World, domain: str, provider: Provider) -> list[DnsRecord]:
    """What the domain is to have for this provider, and what it has. Where DNS does not answer once, it is not asked
    again: nobody waits for every record in turn. Raises Invalid.
    """
    name = domain_name(domain)
    identity = world.sender_domains.identity(name) if provider == SES else None
    return list(_looked_up(world, wanted(name, provider, identity, _tracking(world, name))))


def _tracking(world: World, domain: str) -> str:
    """The host of the links in letters; where that is still AWS's own, or this machine, the one that may be made."""
    host = urlsplit(world.base_url).hostname or ""
    own = "." in host and not host.endswith(AMAZON) and not host.replace(".", "").isdecimal()
    return host if own else f"mail.{domain}"


def _looked_up(world: World, records: list[DnsRecord]) -> Iterator[DnsRecord]:
    answers = True
    for record in records:
        found = _found(world, record) if answers else None
        answers = found is not None
        yield judged(record, found)


def _found(world: World, record: DnsRecord) -> tuple[str, ...] | None:
    for name in (record.name, *record.above):
        found = world.sender_domains.ask(name, record.type)
        if found is None or judged(record, found).standing != "missing":
            return found
    if record.purpose == "tracking":  # an apex has no CNAME, and other clouds' aliases are addresses
        return world.sender_domains.ask(record.name, "A")
    return ()
