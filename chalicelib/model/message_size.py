"""How many bytes a message may have on its way out, by transport. Attachments count in base64, line ends included.

Where a source says "MB" and not which, the smaller one (10^6) is meant: what is within it is taken either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# By the transport's name, in bytes of the whole message.
LARGEST: Mapping[str, int] = MappingProxyType(
    {
        # "SES v2 API or SMTP": 40 MB after base64 encoding (docs.aws.amazon.com/ses/latest/dg/quotas.html)
        "ses": 40_000_000,
        # Mail Send, "Limitations": the whole e-mail, attachments included, less than 30 MB
        "sendgrid": 29_999_999,
        # Send API v3.1: 15 MB for the message with its attachments
        "mailjet": 15_000_000,
        # "Message size (including attachments)": 25 MB after base64 encoding
        "mandrill": 25_000_000,
        # Postfix's message_size_limit, until a server's SIZE (RFC 1870) is known to be something else
        "smtp": 10_240_000,
    }
)
# base64 in lines (RFC 2045, section 6.8): 57 octets become 76 characters and a line end.
_OCTETS, _LINE = 57, 78
# An attachment's own head: boundary, type, and a name of 120 characters in RFC 2231's form.
_HEAD = 2_048


def attached_size(size: int) -> int:
    """What a file of `size` bytes has at the most, attached."""
    return -(-size // _OCTETS) * _LINE + _HEAD
