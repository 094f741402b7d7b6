"""What Mailjet's Event API tells, as events of ours.

Source: Mailjet's guide "Event API: real-time notifications". Nothing is signed: the proof is the user and password in
the webhook's own URL, which Mailjet sends as HTTP Basic. Events come one by one or, grouped (version 2), as an array.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.model.fact import Event, Kind
from chalicelib.transports.carried import brought_back
from chalicelib.transports.readings import Reading, always
from chalicelib.transports.webhooks import Said, Unverified, details, event_id, header, instant, objects, text

# "Possible values for errors": the causes of a block that lie in the address. The others (content, policy, Mailjet's
# own troubles, a duplicate) say nothing about it.
BLOCKS: Mapping[str, Kind] = MappingProxyType(
    {
        "user unknown": "bounced",
        "mailbox inactive": "bounced",
        "invalid domain": "bounced",
        "no mail host": "bounced",
        "preblocked": "bounced",
        "blacklisted": "bounced",
        "spam reporter": "complained",
        "quota exceeded": "soft_bounced",
        "relay/access denied": "soft_bounced",
        "greylisted": "soft_bounced",
    }
)


def _bounce(said: Said) -> Kind:
    return "bounced" if said.get("hard_bounce") is True else "soft_bounced"


def _block(said: Said) -> Kind:
    return BLOCKS.get(text(said, "error").lower(), "rejected")


_ERRORS = ("error_related_to", "error", "comment")
READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        # "the destination SMTP server has accepted the message"
        "sent": Reading(always("delivered"), ("smtp_reply",)),
        "bounce": Reading(_bounce, _ERRORS),
        "blocked": Reading(_block, _ERRORS),
        "spam": Reading(always("complained"), ("source",)),
        "unsub": Reading(always("unsubscribed")),
    }
)
# We count these by our own pixel and links.
IGNORED = frozenset({"open", "click"})


def events(headers: Mapping[str, str], body: bytes, url: str, *, secret: str, workspace: str, now: int) -> list[Event]:
    """`secret` is `user:password` as in the webhook's URL. Raises Unverified; what is not ours or cannot be read gives
    nothing.
    """
    del url, now  # nothing is signed
    _verify(headers, secret)
    return [event for said in objects(body) if (event := _event(said, workspace)) is not None]


def _verify(headers: Mapping[str, str], secret: str) -> None:
    """In constant time: how much of a guess is right must not be told by how long it takes."""
    wanted = b"Basic " + base64.b64encode(secret.encode())
    given = header(headers, "Authorization").encode("utf-8", "replace")
    if not secret.strip(":") or not hmac.compare_digest(wanted, given):
        raise Unverified("Mailjet: the user or the password is not the webhook's.")


def _event(said: Said, workspace: str) -> Event | None:
    name, at = said.get("event"), instant(said.get("time"))
    reading = READINGS.get(name) if isinstance(name, str) else None
    payload = said.get("Payload")
    found = objects(payload.encode("utf-8", "replace")) if isinstance(payload, str) else []
    ours = brought_back(found[0], workspace) if len(found) == 1 else None
    if reading is None or at is None or ours is None:
        return None
    provider_id = text(said, "MessageID")
    return Event(
        id=event_id("mailjet", name, at, provider_id, ours.message, ours.attempt, text(said, "email")),
        kind=reading.kind(said),
        message=ours.message,
        email=ours.email,
        at=at,
        attempt=ours.attempt,
        address=text(said, "email"),
        provider_id=provider_id,
        detail=details(said, reading.details),
    )
