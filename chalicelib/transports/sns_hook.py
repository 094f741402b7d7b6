"""Amazon SNS over HTTPS: SES's events for whoever cannot or will not use the queue.

A message is believed where its topic is one of ours, its signature is of version 2 (SHA-256; version 1 is SHA-1, and
refused) and verifies under SNS's own certificate. A subscription is confirmed by visiting the address that the verified
message names, on SNS's own host. "Raw message delivery" has no signature: it is not for here.
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html
"""

from __future__ import annotations

import base64
import binascii
import http.client
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import msgspec

from chalicelib.model.fact import Event
from chalicelib.model.outcome import CallNotSent
from chalicelib.transports import ses_events
from chalicelib.transports.sns_certificates import Certificates, fetched, is_sns
from chalicelib.transports.webhooks import Unverified

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

TOPIC = re.compile(r"arn:aws[a-z-]*:sns:([a-z0-9-]{1,30}):[0-9]{12}:[A-Za-z0-9_-]{1,256}")
_CONFIRMED = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
# What is signed, by the type of message and in this order; `Subject` alone may be missing.
SIGNED = MappingProxyType(
    {
        "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
        "SubscriptionConfirmation": _CONFIRMED,
        "UnsubscribeConfirmation": _CONFIRMED,
    }
)


class Envelope(msgspec.Struct, frozen=True):
    """An SNS message, as its HTTPS subscribers get it."""

    Type: str
    MessageId: str
    TopicArn: str
    Message: str
    Timestamp: str
    SignatureVersion: str
    Signature: str
    SigningCertURL: str
    Subject: str | None = None
    Token: str | None = None
    SubscribeURL: str | None = None


@dataclass(frozen=True, slots=True)
class SnsHook:
    """`topics` are the ARNs that may speak; `visit` gets an address and raises OSError where that fails."""

    topics: Sequence[str]
    certificates: Certificates
    visit: Callable[[str], object] = fetched

    def read(self, body: bytes, workspace: str) -> list[Event]:
        """The events of a verified message; none for SNS's own. Raises Unverified, ValueError for an event that is
        malformed, and CallNotSent where SNS does not answer: it tells it again.
        """
        envelope = _envelope(body)
        region = self._region(envelope)
        _verify(envelope, self.certificates.key(envelope.SigningCertURL, region))
        if envelope.Type == "SubscriptionConfirmation":
            self._confirm(envelope, region)
        if envelope.Type != "Notification":
            return []
        return ses_events.events(envelope.Message, workspace)

    def _region(self, envelope: Envelope) -> str:
        found = TOPIC.fullmatch(envelope.TopicArn)
        if envelope.TopicArn not in self.topics or found is None:
            raise Unverified("The topic is not one of ours.")
        return found[1]

    def _confirm(self, envelope: Envelope, region: str) -> None:
        url = envelope.SubscribeURL or ""
        asked = parse_qs(urlsplit(url).query) if is_sns(url, region) else {}
        if asked.get("Action") != ["ConfirmSubscription"] or asked.get("TopicArn") != [envelope.TopicArn]:
            raise Unverified("The address to confirm at is not SNS's.")
        try:
            self.visit(url)
        except (OSError, http.client.HTTPException) as error:
            raise CallNotSent(f"SNS did not confirm the subscription ({type(error).__name__}).") from None


def _envelope(body: bytes) -> Envelope:
    try:
        found = msgspec.json.decode(body, type=Envelope)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Unverified("This is no SNS message.") from None
    if found.Type not in SIGNED or found.SignatureVersion != "2":
        raise Unverified("The message's type or signature version is not taken: set SignatureVersion 2 on the topic.")
    return found


def _verify(envelope: Envelope, key: RSAPublicKey) -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # 60 ms that only this webhook waits for
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    try:
        signature = base64.b64decode(envelope.Signature, validate=True)
        key.verify(signature, signed(envelope), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        raise Unverified("The signature is wrong.") from None


def signed(envelope: Envelope) -> bytes:
    """Names and values, each on a line of its own."""
    pairs = ((name, getattr(envelope, name)) for name in SIGNED[envelope.Type])
    return "".join(f"{name}\n{value}\n" for name, value in pairs if value is not None).encode("utf-8", "surrogatepass")
