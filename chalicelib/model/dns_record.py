"""The DNS records that a sending domain is to have, what is to stand in them, and what DNS says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from chalicelib.model.transport_setup import SES, Provider

RecordType = Literal["TXT", "CNAME", "MX"]
Purpose = Literal["spf", "dkim", "dmarc", "mail_from", "mail_from_spf", "tracking"]
# `other`: there is one, and it does not say what it must.
Standing = Literal["there", "other", "missing", "unasked"]

SPF, DMARC = "v=spf1", "v=DMARC1"
EASY_DKIM = "dkim.amazonses.com"
AMAZON = "include:amazonses.com"

# What lets a provider's servers send (RFC 7208, section 5); an SMTP server is its own domain's affair.
SENDERS: Mapping[Provider, str] = MappingProxyType(
    {
        "ses": AMAZON,
        "smtp": "",
        "sendgrid": "include:sendgrid.net",
        "mailjet": "include:spf.mailjet.com",
        "mandrill": "include:spf.mandrillapp.com",
    }
)
# Where a provider's keys lie and what leads to them; "" for what its own pages alone tell.
KEYS: Mapping[Provider, Sequence[tuple[str, RecordType, str]]] = MappingProxyType(
    {
        "sendgrid": (("s1", "CNAME", ""), ("s2", "CNAME", "")),
        "mailjet": (("mailjet", "TXT", ""),),
        "mandrill": (("mte1", "CNAME", "dkim1.mandrillapp.com"), ("mte2", "CNAME", "dkim2.mandrillapp.com")),
    }
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What SES knows of a domain (`name`, or the one above that it inherits from): the names of its keys, the zone that
    they lie in, and the domain of its envelope senders ("" where that is Amazon's).
    """

    name: str
    tokens: tuple[str, ...] = ()
    zone: str = EASY_DKIM
    mail_from: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """`value` is what is to stand at `name`, "" where only the provider's or our own deployment can tell. `above` are
    names that serve as well. `found` is what stands there.
    """

    purpose: Purpose
    name: str
    type: RecordType
    value: str
    above: tuple[str, ...] = ()
    standing: Standing = "unasked"
    found: str = ""


def wanted(domain: str, provider: Provider, identity: Identity | None, tracking: str) -> list[DnsRecord]:
    """`tracking` is the host of the links in letters."""
    return [
        DnsRecord("spf", domain, "TXT", f"{SPF} {SENDERS[provider] or 'a mx'} ~all"),
        *_keys(domain, provider, identity),
        DnsRecord("dmarc", f"_dmarc.{domain}", "TXT", f"{DMARC}; p=none; rua=mailto:dmarc@{domain}", _above(domain)),
        *_mail_from(domain, provider, identity),
        DnsRecord("tracking", tracking, "CNAME", ""),
    ]


def judged(record: DnsRecord, found: Sequence[str] | None) -> DnsRecord:
    """With what DNS says; None where it did not answer."""
    if found is None:
        return record
    fits = [each for each in found if _begins(record, each)]
    if not fits:
        return replace(record, standing="missing")
    right = next((each for each in fits if _says(record, each)), None)
    if right is not None:
        return replace(record, standing="there", found=right)
    value = _with_sender(fits[0], record.value) if record.purpose in ("spf", "mail_from_spf") else record.value
    return replace(record, standing="other", found=fits[0], value=value)


def _begins(record: DnsRecord, found: str) -> bool:
    """Whether it is such a record at all: a name has many texts."""
    marks = {"spf": SPF, "mail_from_spf": SPF, "dmarc": DMARC}
    return found.lower().startswith(marks.get(record.purpose, "").lower())


def _says(record: DnsRecord, found: str) -> bool:
    if record.purpose == "dmarc" or not record.value:
        return True
    if record.purpose in ("spf", "mail_from_spf"):
        return _sender(record.value) in ("", *found.lower().split())
    return _plain(found) == _plain(record.value)


def _plain(text: str) -> str:
    return text.lower().rstrip(".")


def _sender(spf: str) -> str:
    """The one `include:` of a record of ours; "" for none."""
    return next((each for each in spf.split() if each.startswith("include:")), "")


def _with_sender(found: str, ours: str) -> str:
    """A domain has one SPF record: the sender is added to it, before all else."""
    first, *rest = found.split()
    return " ".join((first, _sender(ours), *rest))


def _mail_from(domain: str, provider: Provider, identity: Identity | None) -> list[DnsRecord]:
    """SES alone lets a domain choose where bounces go."""
    if provider != SES:
        return []
    region = identity.region if identity else ""
    name = (identity.mail_from if identity else "") or f"bounce.{domain}"
    server = f"10 feedback-smtp.{region}.amazonses.com" if region else ""
    return [
        DnsRecord("mail_from", name, "MX", server),
        DnsRecord("mail_from_spf", name, "TXT", f"{SPF} {AMAZON} ~all"),
    ]


def _keys(domain: str, provider: Provider, identity: Identity | None) -> list[DnsRecord]:
    if provider == SES and identity is not None:
        zone, of = identity.zone, identity.name
        return [DnsRecord("dkim", f"{each}._domainkey.{of}", "CNAME", f"{each}.{zone}") for each in identity.tokens]
    return [
        DnsRecord("dkim", f"{selector}._domainkey.{domain}", kind, value)
        for selector, kind, value in KEYS.get(provider, ())
    ]


def _above(domain: str) -> tuple[str, ...]:
    """The policies of the domains above, up to two labels, hold too (RFC 9989)."""
    labels = domain.split(".")
    return tuple("_dmarc." + ".".join(labels[start:]) for start in range(1, max(1, len(labels) - 1)))
