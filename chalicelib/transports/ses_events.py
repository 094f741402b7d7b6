"""What SES tells by SNS and SQS, as events of ours.

Source: "Contents of event data that Amazon SES publishes to Amazon SNS" in the SES developer guide. Events come late,
twice and out of order: an event's id is made of what it says, so that the same one always has the same id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from chalicelib.model import ids
from chalicelib.model.errors import NotFound
from chalicelib.model.fact import Event, Kind
from chalicelib.model.message import MessageKey, message_key

# What SNS and SQS carry at most, in characters.
MAX_BODY = 1024 * 1024
MAX_DETAIL = 500

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a type of event keeps what: its own object, its recipients in it, the details that people see."""

    part: str
    kind: Callable[[Record], Kind]
    recipients: str = ""
    details: tuple[str, ...] = ()


def _always(kind: Kind) -> Callable[[Record], Kind]:
    return lambda _part: kind


def _bounce(part: Record) -> Kind:
    """Only a permanent bounce ends an address: a full mailbox (Transient) or a bounce that SES cannot read does not."""
    return "bounced" if part.get("bounceType") == "Permanent" else "soft_bounced"


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
    }
)
# We count these ourselves, by our own links: SES's word would count them twice.
IGNORED = frozenset({"Open", "Click", "Subscription"})

# The details that a recipient has for himself.
_RECIPIENT_DETAILS = ("status", "diagnosticCode")
_VALIDATED = "Successfully validated SNS topic"


def events(body: str, workspace: str) -> list[Event]:
    """The events in an SQS record's body, one for each recipient; none for what is not ours: another workspace,
    mail without our tags, notices of an identity, SNS's own messages. ValueError for what is malformed.
    """
    record = _record(body)
    if record is None or "eventType" not in record:
        return []
    kind = str(record["eventType"])
    if kind in IGNORED:
        return []
    reading = READINGS.get(kind)
    if reading is None:
        raise _malformed(f"eventType {kind[:60]!r} is not known.")
    mail = _object(record, "mail")
    tags = mail.get("tags") or {}
    if not isinstance(tags, dict) or _tag(tags, "workspace") != workspace or not _tag(tags, "message"):
        return []
    return _told(kind, reading, record, mail)


def _record(body: str) -> Record | None:
    """The event record in an SNS envelope or, with raw message delivery, on its own. None for SNS's own messages."""
    if len(body) > MAX_BODY:
        raise _malformed(f"{len(body)} characters, at most {MAX_BODY} can be read.")
    if body.startswith(_VALIDATED):
        return None
    found = _json(body)
    if "Type" not in found or "eventType" in found:
        return found
    message = found.get("Message")
    if found["Type"] != "Notification":
        return None
    if not isinstance(message, str):
        raise _malformed("the SNS notification has no Message.")
    return None if message.startswith(_VALIDATED) else _json(message)


def _json(text: str) -> Record:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"not JSON: {text[:60]!r}") from error
    if not isinstance(found, dict):
        raise _malformed(f"not a JSON object: {text[:60]!r}")
    return found


def _told(kind: str, reading: Reading, record: Record, mail: Record) -> list[Event]:
    part = _object(record, reading.part) if reading.part in record else {}
    at = part.get("timestamp") or mail.get("timestamp")
    provider_id = mail.get("messageId")
    if not isinstance(provider_id, str) or not provider_id:
        raise _malformed("mail.messageId is missing.")
    instant = _milliseconds(at)
    return [
        Event(
            id=_id(provider_id, kind, str(at), address),
            kind=reading.kind(part),
            message=_message(mail["tags"]),
            email=_tag(mail["tags"], "email"),
            at=instant,
            attempt=_tag(mail["tags"], "attempt"),
            address=address,
            provider_id=provider_id,
            detail=_details(reading.details, part) | _details(_RECIPIENT_DETAILS, recipient),
        )
        for address, recipient in _recipients(reading, part)
    ]


def _recipients(reading: Reading, part: Record) -> Sequence[tuple[str, Record]]:
    """(address, what is said of it). Whatever names nobody is about the whole message."""
    listed = part.get(reading.recipients) if reading.recipients else None
    if not listed:
        return [("", {})]
    if not isinstance(listed, list):
        raise _malformed(f"{reading.part}.{reading.recipients} is not a list.")
    return [_recipient(reading, each) for each in listed]


def _recipient(reading: Reading, each: object) -> tuple[str, Record]:
    said: Record = each if isinstance(each, dict) else {"emailAddress": each}
    address = said.get("emailAddress")
    if not isinstance(address, str):
        raise _malformed(f"{reading.part}.{reading.recipients} names no address.")
    return address, said


def _details(names: Sequence[str], said: Record) -> dict[str, str]:
    return {name: _plain(said[name]) for name in names if said.get(name) not in (None, "")}


def _plain(said: object) -> str:
    """Text that any store takes: a provider's answer may hold halves of characters."""
    return str(said)[:MAX_DETAIL].encode("utf-8", "replace").decode()


def _message(tags: Record) -> MessageKey:
    text = _tag(tags, "message")
    try:
        return message_key(text)
    except NotFound as error:
        raise _malformed(f"tag message {text[:60]!r} is no message of ours.") from error


def _tag(tags: Record, name: str) -> str:
    """The first value of a tag: SES gives each as a list."""
    found = tags.get(name)
    first = found[0] if isinstance(found, list) and found else ""
    return first if isinstance(first, str) else ""


def _object(record: Record, name: str) -> Record:
    found = record.get(name)
    if not isinstance(found, dict):
        raise _malformed(f"{name} is missing or no object.")
    return found


def _milliseconds(text: object) -> int:
    """ISO 8601 as SES writes it (`2017-08-05T00:41:02.669Z`), as epoch milliseconds."""
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _malformed(f"timestamp {str(text)[:60]!r} is none.") from error
    if instant.tzinfo is None:
        raise _malformed(f"timestamp {str(text)[:60]!r} has no time zone.")
    return round(instant.timestamp() * 1_000)


def _malformed(what: str) -> ValueError:
    return ValueError(f"SES event: {what}")


def _id(*parts: str) -> str:
    return ids.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[: ids.ID_BYTES])
