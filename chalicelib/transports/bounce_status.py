"""Whether a bounce ends an address or may pass: one table.

A hard bounce suppresses an address for good, so only what says that there is no such mailbox is one. A full mailbox, a
policy, a filter, a letter that is too large say nothing about the address. RFC 3463 and the IANA registry of enhanced
status codes; the words of Postfix, Exim, Exchange, qmail, Gmail and Yahoo where they give none.
"""

from __future__ import annotations

import re

from chalicelib.model.fact import Kind

MAX_DIAGNOSTIC = 2_000

# Bad mailbox, bad domain, bad syntax, moved, null MX (RFC 7505); mailbox disabled; no such domain (Postfix's 5.4.4).
NOBODY = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
# Too general: the words decide. 5.4.1 is Exchange Online's for an address that it does not know.
VAGUE = frozenset({"", "5.0.0", "5.1.0", "5.4.1", "5.5.0"})
WORDS = re.compile(
    r"(user|recipient|mailbox|account|address)\W{1,3}(is )?(unknown|not found|invalid|disabled|unavailable|inactive)"
    r"|unknown (user|recipient|mailbox|local.part|address)|no such (user|recipient|mailbox|account|address|person)"
    r"|no mailbox (here )?by that name|(does not|doesn't) (exist|have an? .{0,20}account)"
    r"|recipient address rejected: access|(host|domain)( name)? not found|unrouteable address",
    re.IGNORECASE,
)
# The status that stands in a server's answer: `550 5.1.1 ...`, `550-5.1.1`, qmail's `#5.1.1`.
_WITHIN = re.compile(r"(?:\b[45][0-9]{2}[ -]{1,3}#?|#)([45]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_CODE = re.compile(r"\b([45])[0-9]{2}[ -]")


def status_of(stated: str, diagnostic: str) -> str:
    """The more exact of a report's Status and what the receiving server said; "" where neither says any."""
    within = _WITHIN.search(diagnostic[:MAX_DIAGNOSTIC])
    if within and (stated in VAGUE or stated.startswith(f"{within[1][0]}.0")):
        return within[1]
    code = _CODE.search(diagnostic[:MAX_DIAGNOSTIC])
    return stated or (f"{code[1]}.0.0" if code else "")


def failed(status: str, diagnostic: str) -> Kind:
    """What a delivery that has failed for good says of the address."""
    if status in NOBODY:
        return "bounced"
    vague = status in VAGUE and WORDS.search(diagnostic[:MAX_DIAGNOSTIC])
    return "bounced" if vague else "soft_bounced"
