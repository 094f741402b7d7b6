"""Tracking tokens: who and which letter, under one MAC for all links of a mail.

Layout, as unpadded base64url (RFC 4648 section 5): purpose (1), key number (1), contact (10), family (10), e-mail (10),
revision (2), sending (10, template e-mails only), the first 12 bytes of HMAC-SHA256 over the workspace and
all before. A token of another workspace, of another purpose or with any bit changed is no token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.model import ids
from chalicelib.model.message import MessageKey

MAC_BYTES = 12
# What stands in the place of a token in a letter that is only looked at: previews and tests. It opens nothing.
UNTRACKED = "preview"
LENGTHS = (34, 44)
TRACKING = 1
# Confirmations by a letter: of a sign-up, of a new address.
SIGNING_UP, MOVING = 2, 3
# The console: a session's cookie, a link that signs in, and what proves that a change comes from our own page.
SESSION, SIGNING_IN, CHANGE = 4, 5, 6
# Return paths (VERP): of a segment e-mail's message, and of one sending of a template e-mail.
RETURNING, RETURNING_ONE = 16, 17
# 32 bytes and a MAC of 10 are 56 characters: with "bounces+" before them the 64 that a local part may have at most
# (RFC 5321 section 4.5.3.1.1).
RETURN_BYTES, RETURN_MAC_BYTES = 32, 10


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a token says."""

    message: MessageKey
    email: str
    revision: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return path says. `email` is "" for a template e-mail: the message's own row knows it."""

    message: MessageKey
    email: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """`keys` by number (1..255): the one with the highest number signs, all of them verify.

    `hash_key` is for good: addresses and idempotency keys are found again by it.
    """

    workspace: str
    keys: Mapping[int, bytes]
    hash_key: bytes

    def token(self, tracked: Tracked) -> str:
        number = max(self.keys)
        key = tracked.message
        body = b"".join(
            (
                bytes((TRACKING, number)),
                ids.to_bytes(key.contact),
                ids.to_bytes(key.family),
                ids.to_bytes(tracked.email),
                tracked.revision.to_bytes(2, "big"),
                ids.to_bytes(key.sending) if key.sending else b"",
            )
        )
        return _text(body + self._mac(number, body))

    def read(self, token: str) -> Tracked | None:
        """What the token says, or None where it is not one of ours."""
        raw = _raw(token)
        body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if len(body) not in LENGTHS or body[0] != TRACKING or body[1] not in self.keys:
            return None
        if not hmac.compare_digest(mac, self._mac(body[1], body)):
            return None
        return _tracked(body)

    def return_token(self, returned: Returned) -> str:
        """56 characters: purpose (1), key number (1), contact (10), family (10), e-mail or sending (10), MAC (10)."""
        number, key = max(self.keys), returned.message
        head = bytes((RETURNING_ONE if key.sending else RETURNING, number))
        names = (key.contact, key.family, key.sending or returned.email)
        body = head + b"".join(ids.to_bytes(each) for each in names)
        return _text(body + self._mac(number, body)[:RETURN_MAC_BYTES])

    def read_return(self, token: str) -> Returned | None:
        """What the token of a return path says, or None where it is not one of ours."""
        raw = _raw(token)
        body, mac = raw[:-RETURN_MAC_BYTES], raw[-RETURN_MAC_BYTES:]
        if len(body) != RETURN_BYTES or body[0] not in (RETURNING, RETURNING_ONE) or body[1] not in self.keys:
            return None
        if not hmac.compare_digest(mac, self._mac(body[1], body)[:RETURN_MAC_BYTES]):
            return None
        contact, family, last = (ids.from_bytes(body[at : at + ids.ID_BYTES]) for at in range(2, RETURN_BYTES, 10))
        if body[0] == RETURNING_ONE:
            return Returned(MessageKey(contact, family, last))
        return Returned(MessageKey(contact, family), last)

    def note(self, purpose: int, said: bytes) -> str:
        """A token for one of the other purposes: purpose (1), key number (1), what it says, MAC (12)."""
        number = max(self.keys)
        body = bytes((purpose, number)) + said
        return _text(body + self._mac(number, body))

    def noted(self, purpose: int, token: str, length: int) -> bytes | None:
        """What a token of this purpose says, in so many bytes, or None where it is not one of ours."""
        raw = _raw(token)
        body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if len(body) != length + 2 or body[0] != purpose or body[1] not in self.keys:
            return None
        return body[2:] if hmac.compare_digest(mac, self._mac(body[1], body)) else None

    def seal(self, token: str, text: str) -> str:
        """The MAC of a link target that carries a recipient's values (`/c/<token>/<n>?u=...&s=MAC`)."""
        number = max(self.keys)
        return f"{number}." + _text(self._mac(number, f"{token} {text}".encode()))

    def sealed(self, token: str, text: str, seal: str) -> bool:
        number, _, mac = seal.partition(".")
        if not number.isdecimal() or int(number) not in self.keys:
            return False
        expected = _text(self._mac(int(number), f"{token} {text}".encode()))
        return hmac.compare_digest(mac.encode(), expected.encode())

    def hashed(self, purpose: str, text: str) -> str:
        """A keyed hash as an id (addresses, idempotency keys)."""
        return ids.from_bytes(self.derived(purpose, text)[: ids.ID_BYTES])

    def derived(self, purpose: str, text: str) -> bytes:
        """32 bytes that nobody else can make, and that are always the same."""
        return hmac.digest(self.hash_key, f"{self.workspace} {purpose} {text}".encode(), "sha256")

    def _mac(self, number: int, body: bytes) -> bytes:
        return hmac.digest(self.keys[number], self.workspace.encode() + b" " + body, hashlib.sha256)[:MAC_BYTES]


def _tracked(body: bytes) -> Tracked:
    sending = ids.from_bytes(body[34:44]) if len(body) > LENGTHS[0] else ""
    key = MessageKey(ids.from_bytes(body[2:12]), ids.from_bytes(body[12:22]), sending)
    return Tracked(key, ids.from_bytes(body[22:32]), int.from_bytes(body[32:34], "big"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _raw(text: str) -> bytes:
    """The bytes behind base64url text; b"" for anything else, and for text that is not canonical."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return b""
    return raw if _text(raw) == text else b""
