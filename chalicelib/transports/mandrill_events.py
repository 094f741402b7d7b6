"""What Mandrill's webhooks tell, as events of ours.

Source: Mailchimp's help "Webhook Format", "Message Event Webhook Format" and "How to Authenticate Webhook Requests":
`X-Mandrill-Signature` is the base64 of HMAC-SHA1 over the webhook's URL, exactly as it was entered, and every POST
variable's name and value, sorted by name. The one variable is `mandrill_events`, a JSON array.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl

from chalicelib.model.fact import Event, Kind
from chalicelib.transports.carried import brought_back
from chalicelib.transports.readings import Reading, always
from chalicelib.transports.webhooks import Said, Unverified, details, event_id, header, inner, instant, objects, text

SIGNATURE = "X-Mandrill-Signature"
VARIABLE = "mandrill_events"
MAX_VARIABLES = 10
# Before a webhook is made, Mandrill tries its URL with no events, signed by a key that everybody knows.
TEST_KEY = "test-webhook"


# `reject_reason`: those that lie in the address; the others (rule, custom, the sender's own) say nothing about it.
# Without one it counts as a bounce, as in Mautic.
REJECTS: Mapping[str, Kind] = MappingProxyType(
    {
        "": "bounced",
        "hard-bounce": "bounced",
        "invalid": "bounced",
        "soft-bounce": "soft_bounced",
        "spam": "complained",
        "unsub": "unsubscribed",
    }
)


def _reject(message: Said) -> Kind:
    reason = text(inner(message, "reject"), "reason") or text(message, "reject_reason")
    return REJECTS.get(reason, "rejected")


_BOUNCE = ("bounce_description", "diag")
READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        "send": Reading(always("sent")),
        "delivered": Reading(always("delivered")),
        "deferral": Reading(always("delayed"), ("diag",)),
        "hard_bounce": Reading(always("bounced"), _BOUNCE),
        "soft_bounce": Reading(always("soft_bounced"), _BOUNCE),
        "spam": Reading(always("complained")),
        "unsub": Reading(always("unsubscribed")),
        "reject": Reading(_reject, ("reject_reason",)),
    }
)
# We count these by our own pixel and links.
IGNORED = frozenset({"open", "click"})


def events(headers: Mapping[str, str], body: bytes, url: str, *, secret: str, workspace: str, now: int) -> list[Event]:
    """`secret` is the webhook's own key, `url` its URL as it was entered at Mandrill. Raises Unverified; what is not
    ours or cannot be read gives nothing.
    """
    del now  # nothing says when it was signed
    pairs = _variables(body)
    found = objects(dict(pairs).get(VARIABLE, "").encode("utf-8", "replace"))
    _verify(header(headers, SIGNATURE), url + "".join(name + value for name, value in sorted(pairs)), secret, found)
    return [event for said in found if (event := _event(said, workspace)) is not None]


def _variables(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_VARIABLES)
    except ValueError as error:
        raise Unverified("Mandrill: the body is no form.") from error


def _verify(signature: str, signed: str, secret: str, found: list[Said]) -> None:
    """In constant time: how much of a guess is right must not be told by how long it takes."""
    keys = [secret] if found or not secret else [secret, TEST_KEY]
    given = signature.encode("utf-8", "replace")
    if not secret or not any(hmac.compare_digest(_signature(key, signed), given) for key in keys):
        raise Unverified("Mandrill: the signature is not the webhook's.")


def _signature(key: str, signed: str) -> bytes:
    return base64.b64encode(hmac.digest(key.encode(), signed.encode("utf-8", "replace"), "sha1"))


def _event(said: Said, workspace: str) -> Event | None:
    message = inner(said, "msg")
    name, at = said.get("event"), instant(said.get("ts"))
    reading = READINGS.get(name) if isinstance(name, str) else None
    ours = brought_back(inner(message, "metadata"), workspace)
    if reading is None or at is None or ours is None:
        return None
    provider_id = text(message, "_id")
    return Event(
        id=event_id("mandrill", name, at, provider_id, ours.message, ours.attempt, text(message, "email")),
        kind=reading.kind(message),
        message=ours.message,
        email=ours.email,
        at=at,
        attempt=ours.attempt,
        address=text(message, "email"),
        provider_id=provider_id,
        detail=details(message, reading.details),
    )
