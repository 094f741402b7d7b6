"""What SES tells by SNS, as events of ours.

Two kinds of records, almost alike: a configuration set's events (`eventType`; "Contents of event data that Amazon SES
publishes to Amazon SNS" in the SES developer guide) and an identity's notices (`notificationType`; "Amazon SNS
notification contents for Amazon SES"). They come late, twice and out of order: an event's id is made of what it says,
so that the same one always has the same id.

A notice has no tags, and so names no message of ours; about what we sent it only repeats the configuration set's
event. What it says of an address is taken (`UNKNOWN`), and nothing is counted by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.model import ids
from chalicelib.model.errors import NotFound
from chalicelib.model.fact import Event, Kind
from chalicelib.model.message import TEST, UNKNOWN, MessageKey, message_key
from chalicelib.transports.ses_records import (
    Record,
    details,
    is_copy,
    malformed,
    milliseconds,
    object_of,
    record_of,
    tag,
)


@dataclass(frozen=True, slots=True)
class About:
    """Which message of ours a record is about."""

    message: MessageKey
    email: str = ""
    attempt: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a type of event keeps what: its own object, its recipients in it, the details that people see. `kind` is
    None where it tells nothing that we keep.
    """

    part: str
    kind: Callable[[Record], Kind | None]
    recipients: str = ""
    details: tuple[str, ...] = ()


def _always(kind: Kind) -> Callable[[Record], Kind]:
    return lambda _part: kind


def _bounce(part: Record) -> Kind:
    """Only a permanent bounce ends an address: a full mailbox (Transient) or a bounce that SES cannot read does not."""
    return "bounced" if part.get("bounceType") == "Permanent" else "soft_bounced"


def _subscription(part: Record) -> Kind | None:
    """Somebody left all topics of a contact list of SES's own, by the link or the header that SES put in."""
    preferences = part.get("newTopicPreferences")
    left = isinstance(preferences, dict) and preferences.get("unsubscribeAll") is True
    return "unsubscribed" if left else None


READINGS: Mapping[str, Reading] = MappingProxyType(
    {
        "Send": Reading("send", _always("sent")),
        "Delivery": Reading("delivery", _always("delivered"), "recipients", ("smtpResponse",)),
        "Bounce": Reading("bounce", _bounce, "bouncedRecipients", ("bounceType", "bounceSubType")),
        "Complaint": Reading(
            "complaint",
            _always("complained"),
            "complainedRecipients",
            ("complaintFeedbackType", "complaintSubType", "userAgent"),
        ),
        "Reject": Reading("reject", _always("rejected"), "", ("reason",)),
        "Rendering Failure": Reading("failure", _always("rendering_failed"), "", ("errorMessage", "templateName")),
        "DeliveryDelay": Reading("deliveryDelay", _always("delayed"), "delayedRecipients", ("delayType",)),
        "Subscription": Reading("subscription", _subscription, "", ("contactList", "source")),
    }
)
# We count these ourselves, by our own links: SES's word would count them twice.
IGNORED = frozenset({"Open", "Click"})
# What an identity's notice may be, and what is taken of it.
NOTICES = frozenset({"Bounce", "Complaint", "Delivery"})
OF_ADDRESSES = frozenset({"Bounce", "Complaint"})

# The details that a recipient has for himself.
_RECIPIENT_DETAILS = ("status", "diagnosticCode")


def events(body: str, workspace: str) -> list[Event]:
    """The events in an SQS record's body, one for each recipient; none for what is not ours: another workspace, mail
    without our tags, test letters, copies, SNS's own messages. ValueError for what is malformed.
    """
    record = record_of(body)
    return [] if record is None else events_of(record, workspace)


def events_of(record: Record, workspace: str) -> list[Event]:
    """The same for a record by itself."""
    if "eventType" in record:
        return _published(record, workspace)
    return _noticed(record) if "notificationType" in record else []


def _published(record: Record, workspace: str) -> list[Event]:
    kind = str(record["eventType"])
    if kind in IGNORED:
        return []
    reading = READINGS.get(kind)
    if reading is None:
        raise malformed(f"eventType {kind[:60]!r} is not known.")
    mail = object_of(record, "mail")
    tags = mail.get("tags") or {}
    if not isinstance(tags, dict) or tag(tags, "workspace") != workspace or tag(tags, "message") in ("", str(TEST)):
        return []
    about = About(_message(tags), tag(tags, "email"), tag(tags, "attempt"))
    return _told(kind, reading, record, about)


def _noticed(record: Record) -> list[Event]:
    kind = str(record["notificationType"])
    if kind not in NOTICES:
        raise malformed(f"notificationType {kind[:60]!r} is not known.")
    told = _told(kind, READINGS[kind], record, About(UNKNOWN)) if kind in OF_ADDRESSES else []
    return [event for event in told if event.address]


def _told(kind: str, reading: Reading, record: Record, about: About) -> list[Event]:
    mail = object_of(record, "mail")
    part = object_of(record, reading.part) if reading.part in record else {}
    meant = reading.kind(part)
    at = part.get("timestamp") or mail.get("timestamp")
    provider_id = mail.get("messageId")
    if not isinstance(provider_id, str) or not provider_id:
        raise malformed("mail.messageId is missing.")
    instant = milliseconds(at)
    if meant is None:
        return []
    return [
        Event(
            id=_id(provider_id, kind, str(at), address),
            kind=meant,
            message=about.message,
            email=about.email,
            at=instant,
            attempt=about.attempt,
            address=address,
            provider_id=provider_id,
            detail=details(reading.details, part) | details(_RECIPIENT_DETAILS, recipient),
        )
        for address, recipient in _recipients(reading, part)
        if not address or not is_copy(address, mail)
    ]


def _recipients(reading: Reading, part: Record) -> Sequence[tuple[str, Record]]:
    """(address, what is said of it). Whatever names nobody is about the whole message."""
    listed = part.get(reading.recipients) if reading.recipients else None
    if not listed:
        return [("", {})]
    if not isinstance(listed, list):
        raise malformed(f"{reading.part}.{reading.recipients} is not a list.")
    return [_recipient(reading, each) for each in listed]


def _recipient(reading: Reading, each: object) -> tuple[str, Record]:
    said: Record = each if isinstance(each, dict) else {"emailAddress": each}
    address = said.get("emailAddress")
    if not isinstance(address, str):
        raise malformed(f"{reading.part}.{reading.recipients} names no address.")
    return address, said


def _message(tags: Record) -> MessageKey:
    text = tag(tags, "message")
    try:
        return message_key(text)
    except NotFound as error:
        raise malformed(f"tag message {text[:60]!r} is no message of ours.") from error


def _id(*parts: str) -> str:
    return ids.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[: ids.ID_BYTES])
