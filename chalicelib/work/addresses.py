"""One spelling for each address, and the keyed hash under which it is found again."""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.model.errors import Invalid
from chalicelib.work.world import World

MAX_ADDRESS = 254
# Before it is normalised: Unicode domains become longer, surrounding spaces go.
MAX_TYPED = 320

# RFC 5322 dot-atom, at most 64 characters (RFC 5321 4.5.3.1.1), and an ASCII host name: what nearly all addresses
# are. The library decides about all others, and about every domain once.
PLAIN = re.compile(
    r"(?=[^@]{1,64}@)"
    r"[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+(?:\.[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+)*"
    r"@([A-Za-z0-9.-]+)"
)


def normalised(text: str, field: str = "address") -> str:
    """Lower case, the domain in punycode (RFC 5891), no spaces around; Invalid names field, value and mend.

    Syntax alone, in email-validator's strict reading: no quoted local parts, no domain literals, no SMTPUTF8
    (SES takes none). Nothing is looked up.
    """
    typed = text.strip()
    plain = PLAIN.fullmatch(typed)
    if plain and len(typed) <= MAX_ADDRESS and _is_domain(plain[1].lower()):
        return typed.lower()
    try:
        return by_library(typed)
    except ValueError as fault:
        raise Invalid(field, text, f"{fault} Give one address such as ann@example.com.") from fault


def domain_name(text: str, field: str = "domain") -> str:
    """Lower case and in punycode, as in a normalised address. Raises Invalid."""
    try:
        return by_library(f"a@{text.strip().rstrip('.')}").partition("@")[2]
    except ValueError as fault:
        raise Invalid(field, text, "Give a domain such as example.org.") from fault


def address_hash(world: World, address: str) -> str:
    """Of a normalised address: the key of its address row and of its suppression."""
    return world.signer.hashed("address", address)


def by_library(typed: str) -> str:
    """The whole verdict of email-validator; ValueError says why it is no address."""
    from email_validator import validate_email  # noqa: PLC0415  # its patterns take 15 ms, which no click waits for

    if len(typed) > MAX_TYPED:
        raise ValueError(f"An address has at most {MAX_ADDRESS} characters.")
    # a test environment is where `.test` (RFC 2606) may be written to
    found = validate_email(
        typed, strict=True, allow_smtputf8=False, check_deliverability=False, test_environment=True
    ).ascii_email
    if found is None:
        raise ValueError("The part before the @-sign has characters beyond ASCII.")
    return found.lower()


@lru_cache(maxsize=50_000)
def _is_domain(domain: str) -> bool:
    """Whether an address in this ASCII domain, otherwise plain, is one; the library says why where it is not."""
    try:
        return by_library(f"a@{domain}") == f"a@{domain}"
    except ValueError:
        return False
