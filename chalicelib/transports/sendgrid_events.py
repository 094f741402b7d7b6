"""What SendGrid's Event Webhook tells, as events of ours.

Source: SendGrid's "Event Webhook Reference" and "Getting Started with the Event Webhook Security Features": an ECDSA
signature (P-256, SHA-256) over the timestamp header and the raw body. An event told twice has one `sg_event_id`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from chalicelib.model.fact import Event, Kind
from chalicelib.transports.carried import brought_back
from chalicelib.transports.readings import Reading, always
from chalicelib.transports.webhooks import Said, Unverified, details, event_id, header, instant, objects, text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
# SendGrid tries for a day. A replay within it does no harm: an event told twice is one fact.
OLDEST_MS, NEWEST_MS = 25 * 3_600_000, 600_000


# The suppression list of SendGrid's own that a mail was dropped for. The other reasons say nothing about the address.
DROPS: Mapping[str, Kind] = MappingProxyType(
    {
        "bounced address": "bounced",
        "invalid": "bounced",
        "invalid address": "bounced",
        "spam reporting address": "complained",
        "unsubscribed address": "unsubscribed",
    }
)


def _bounce(said: Said) -> Kind:
    """`blocked` is "a temporary delivery denial": the address may be well."""
    return "bounced" if said.get("type") == "bounce" else "soft_bounced"


def _drop(said: Said) -> Kind:
    return DROPS.get(text(said, "reason").lower(), "rejected")


READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        "processed": Reading(always("sent")),
        "delivered": Reading(always("delivered"), ("response",)),
        "deferred": Reading(always("delayed"), ("response", "reason", "attempt")),
        "bounce": Reading(_bounce, ("type", "status", "reason", "bounce_classification")),
        "dropped": Reading(_drop, ("reason", "status")),
        "spamreport": Reading(always("complained")),
        "unsubscribe": Reading(always("unsubscribed")),
        "group_unsubscribe": Reading(always("unsubscribed")),
    }
)
# Opens and clicks we count by our own pixel and links; who joins a group of SendGrid's again has not told us so; the
# account's status is no message's, and the next call says what matters of it.
IGNORED = frozenset({"open", "click", "group_resubscribe", "account_status_change"})


def events(headers: Mapping[str, str], body: bytes, url: str, *, secret: str, workspace: str, now: int) -> list[Event]:
    """`secret` is the webhook's verification key as SendGrid shows it (base64), `now` epoch milliseconds. Raises
    Unverified; what is not ours or cannot be read gives nothing.
    """
    del url  # is not signed
    _verify(headers, body, secret, now)
    return [event for said in objects(body) if (event := _event(said, workspace)) is not None]


def _verify(headers: Mapping[str, str], body: bytes, key: str, now: int) -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # 40 ms that only this webhook needs
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    timestamp = header(headers, TIMESTAMP)
    at = instant(timestamp)
    if at is None or not now - OLDEST_MS <= at <= now + NEWEST_MS:
        raise Unverified(f"SendGrid: the timestamp {timestamp[:30]!r} is none, or too far from now.")
    try:
        signature = base64.b64decode(header(headers, SIGNATURE), validate=True)
        _public_key(key).verify(signature, timestamp.encode() + body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature) as error:
        raise Unverified("SendGrid: the signature is not the webhook's.") from error


@lru_cache(maxsize=8)
def _public_key(key: str) -> EllipticCurvePublicKey:
    """ValueError where the key is none."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  # as above
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        found = load_der_public_key(base64.b64decode(key, validate=True))
    except UnsupportedAlgorithm as error:
        raise ValueError("a key of another kind") from error
    if not isinstance(found, EllipticCurvePublicKey):
        raise ValueError("a key of another kind")  # noqa: TRY004  # a wrong setting, not a wrong type of ours
    return found


def _event(said: Said, workspace: str) -> Event | None:
    name, at, ours = said.get("event"), instant(said.get("timestamp")), brought_back(said, workspace)
    reading = READINGS.get(name) if isinstance(name, str) else None
    if reading is None or at is None or ours is None:
        return None
    own = text(said, "sg_event_id") or f"{name} {at} {ours.message} {ours.attempt}"
    return Event(
        id=event_id("sendgrid", own),
        kind=reading.kind(said),
        message=ours.message,
        email=ours.email,
        at=at,
        attempt=ours.attempt,
        address=text(said, "email"),
        provider_id=_provider_id(said),
        detail=details(said, reading.details),
    )


def _provider_id(said: Said) -> str:
    """What the sending call answered (X-Message-Id): `sg_message_id` up to the filter's name that stands behind it."""
    return text(said, "sg_message_id").strip().partition(".filter")[0].partition(".recvd")[0]
