"""A web address that a person or a program gave."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from chalicelib.model.errors import Invalid

MAX_ADDRESS = 1_000
WEB = ("https", "http")
_HOST = re.compile(r"[\w.:-]+")


def web_address(text: str, place: str, schemes: tuple[str, ...] = WEB) -> str:
    """The address without blanks around it; Invalid where its scheme is another, it has no host, or a blank in it."""
    address = text.strip()
    if len(address) > MAX_ADDRESS or not address.isprintable() or " " in address or not _is_web(address, schemes):
        mend = f"Give a whole address such as {schemes[0]}://example.com/page, at most {MAX_ADDRESS} characters."
        raise Invalid(place, text, mend)
    return address


def _is_web(address: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False
    return parts.scheme in schemes and host is not None and _HOST.fullmatch(host) is not None
