"""What the world knows about the domain in From: whether mailbox providers can tell that we may write in its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.model.finding import Finding

Signed = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class SenderDomain:
    """`spf` and `dmarc` are the records as DNS has them, "" for none, None where it could not be asked. `dkim` says
    whether the transport signs with this domain's key.
    """

    name: str
    spf: str | None = None
    dmarc: str | None = None
    dkim: Signed = "unknown"


def findings_of(domain: SenderDomain) -> Iterator[Finding]:
    """Gmail, Yahoo and Microsoft ask bulk senders for SPF, DKIM and DMARC (RFC 7208, RFC 6376, RFC 9989)."""
    name = domain.name
    if domain.spf is None or domain.dmarc is None:
        message = f"DNS could not be asked about {name}: nobody knows whether SPF and DMARC are there."
        yield Finding("note", "dns_unasked", "from_address", message, "Look yourself, or ask again where DNS answers.")
    if domain.dmarc == "":
        message = f"{name} has no DMARC record: bulk mail without one is refused by Gmail and Yahoo."
        mend = f'Add a TXT record at _dmarc.{name}: "v=DMARC1; p=none; rua=mailto:dmarc@{name}".'
        yield Finding("error", "dmarc_missing", "from_address", message, mend)
    if domain.spf == "":
        message = f"{name} has no SPF record."
        mend = 'Add a TXT record: "v=spf1 include:amazonses.com ~all" (or a custom MAIL FROM domain in SES).'
        yield Finding("warning", "spf_missing", "from_address", message, mend)
    if domain.dkim == "no":
        message = f"Letters from {name} are not signed with its key (DKIM): they fail DMARC, and land in junk."
        yield Finding("error", "dkim_missing", "from_address", message, f"Verify {name} with Easy DKIM in SES.")
