"""Bearer keys: the settings hold digests alone, so that reading them lets nobody in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from chalicelib.api.answers import Unauthorized

MEND = 'Send the header "Authorization: Bearer KEY" with a key of this workspace.'


# How much of a key's digest tells the keys of a workspace apart, and helps nobody to find one.
SHOWN = 8


def authorised(header: str, digests: Sequence[str]) -> str:
    """How the digest of the header's key begins. Unauthorized unless its SHA-256 (hex) is among the digests.

    Every digest is compared, each in constant time: the answer's time tells nothing (RFC 6750 is the header).
    """
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorized("This address needs a key.", hint=MEND)
    given = hashlib.sha256(key.strip().encode("utf-8", "replace")).hexdigest()
    if not any([hmac.compare_digest(given, digest.lower()) for digest in digests]):  # noqa: C419  # see above
        raise Unauthorized("This key is not known here.", hint=MEND)
    return given[:SHOWN]
