"""What SES v2 takes and what it refuses: addresses, tags, headers, template data.

Sources: botocore's service model (lengths, patterns) and the SES v2 API reference. One broken entry refuses a
whole bulk call, as SES does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from email.utils import parseaddr
from typing import Any

import msgspec

from local.ses_simulator.refusal import bad_request
from local.ses_simulator.shapes import Header, Tag

MAX_ENTRIES = 50
MAX_RECIPIENTS = 50
MAX_HEADERS = 15
MAX_HEADER = 996
MAX_DATA = 262_144
MAX_MESSAGE = 40 * 1024 * 1024

_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HEADER_NAME = re.compile(r"[!-9;-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?=.{1,255}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")
_OWN_HEADERS = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "reply-to",
        "sender",
        "return-path",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
    ]
)


def bare_address(text: str) -> str:
    """The address in `Name <address>` or on its own; BadRequest in SES's words where there is none."""
    address = text if "<" not in text and "," not in text else parseaddr(text)[1]
    local, at, domain = address.rpartition("@")
    if not at or not domain:
        raise bad_request("Missing final '@domain'")
    if not local.isascii():
        raise bad_request("Local address contains non-ASCII characters")
    if len(local) > 64 or not _LOCAL.fullmatch(local):  # noqa: PLR2004  RFC 5321, 4.5.3.1.1
        raise bad_request("Local address contains control or whitespace, or is malformed")
    if not _DOMAIN.fullmatch(domain):
        raise bad_request("Domain contains illegal character")
    return address


def checked_recipients(addresses: Sequence[str]) -> tuple[str, ...]:
    if not addresses:
        raise bad_request("Destination is required.")
    if len(addresses) > MAX_RECIPIENTS:
        raise bad_request(f"Recipient count exceeds {MAX_RECIPIENTS}.")
    return tuple(bare_address(each) for each in addresses)


def check_tags(tags: Iterable[Tag]) -> None:
    for tag in tags:
        if not _TAG.fullmatch(tag.name):
            raise bad_request(
                f"Invalid tag name <{tag.name}>: only alphanumeric ASCII characters, '_', and '-' are allowed."
            )
        if not _TAG.fullmatch(tag.value):
            raise bad_request(
                f"Invalid tag value <{tag.value}>: only alphanumeric ASCII characters, '_', and '-' are allowed."
            )


def check_headers(headers: Sequence[Header]) -> None:
    if len(headers) > MAX_HEADERS:
        raise bad_request(f"At most {MAX_HEADERS} headers can be given.")
    for header in headers:
        if not _HEADER_NAME.fullmatch(header.name) or header.name.lower() in _OWN_HEADERS:
            raise bad_request(f"Invalid header name <{header.name}>.")
        if not _HEADER_VALUE.fullmatch(header.value) or len(header.name) + len(header.value) > MAX_HEADER:
            raise bad_request(f"Invalid value of header <{header.name}>.")


def template_data(text: str) -> dict[str, Any]:
    """The values by name. SES counts characters."""
    if len(text) > MAX_DATA:
        raise bad_request(f"Template data exceeds {MAX_DATA} characters.")
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise bad_request("Template data is not valid JSON: a flat object of values is required.") from error
