"""A mailbox as JSON APIs take it: the name in Unicode and the address, out of the header field that a letter has."""

from __future__ import annotations

from email.header import decode_header, make_header
from email.utils import parseaddr
from functools import lru_cache


@lru_cache(maxsize=512)
def mailbox_parts(mailbox: str) -> tuple[str, str]:
    """(name, address) of `Name <address>` as `compose.header.mailbox` writes it (RFC 5322 section 3.4, RFC 2047); the
    name is "" where there is none.
    """
    name, address = parseaddr(mailbox)
    # a name that looks like an encoded word is one: `compose` encodes those that only look like it
    return (str(make_header(decode_header(name))) if "=?" in name else name, address)
