"""SES's event records, in the shape that its developer guide documents ("Contents of event data ... to Amazon SNS")."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from local.ses_simulator.fates import Fate

ACCOUNT = "123456789012"

Record = dict[str, Any]
Told = Callable[[str, str], tuple[str, str, Record]]


def iso(ms: int) -> str:
    """Epoch milliseconds as SES writes them: `2017-08-05T00:41:02.669Z`."""
    return datetime.fromtimestamp(ms / 1_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _feedback_id(address: str, at: str) -> str:
    return f"0100{zlib.crc32(f'{address} {at}'.encode()):016x}-000000"


def _send(_address: str, _at: str) -> tuple[str, str, Record]:
    return "Send", "send", {}


def _delivery(address: str, at: str) -> tuple[str, str, Record]:
    record = {
        "timestamp": at,
        "processingTimeMillis": 1,
        "recipients": [address],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "a8-50.smtp-out.amazonses.com",
    }
    return "Delivery", "delivery", record


def _bounce(kind: str, subtype: str, status: str, diagnostic: str) -> Told:
    def told(address: str, at: str) -> tuple[str, str, Record]:
        bounced = {"emailAddress": address, "action": "failed", "status": status, "diagnosticCode": diagnostic}
        record = {
            "feedbackId": _feedback_id(address, at),
            "bounceType": kind,
            "bounceSubType": subtype,
            "bouncedRecipients": [bounced],
            "timestamp": at,
            "reportingMTA": "dns; amazonses.com",
        }
        return "Bounce", "bounce", record

    return told


def _complaint(address: str, at: str) -> tuple[str, str, Record]:
    record = {
        "feedbackId": _feedback_id(address, at),
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": address}],
        "timestamp": at,
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
        "arrivalDate": at,
    }
    return "Complaint", "complaint", record


def _reject(_address: str, _at: str) -> tuple[str, str, Record]:
    return "Reject", "reject", {"reason": "Bad content"}


def _delay(address: str, at: str) -> tuple[str, str, Record]:
    delayed = {
        "emailAddress": address,
        "status": "4.4.1",
        "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
    }
    record = {
        "timestamp": at,
        "delayType": "TransientCommunicationFailure",
        "expirationTime": at,
        "delayedRecipients": [delayed],
        "reportingMTA": "a8-50.smtp-out.amazonses.com",
    }
    return "DeliveryDelay", "deliveryDelay", record


_ON_LIST = (
    "Amazon SES did not send the message to this address because it is on the suppression list for your account. "
    "For more information about removing addresses from the suppression list, see the Amazon SES Developer Guide"
)
_ON_GLOBAL_LIST = (
    "Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an "
    "invalid address. For more information about how to remove an address from the suppression list, see the "
    "Amazon SES Developer Guide"
)

# The events of one recipient, in the order in which SES would see them happen.
TOLD: Mapping[Fate, Sequence[Told]] = MappingProxyType(
    {
        "delivered": (_send, _delivery),
        "bounced": (_send, _bounce("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown")),
        "soft_bounced": (_send, _bounce("Transient", "MailboxFull", "4.2.2", "smtp; 452 4.2.2 mailbox full")),
        "complained": (_send, _delivery, _complaint),
        "suppressed": (_send, _bounce("Permanent", "OnAccountSuppressionList", "5.1.1", _ON_LIST)),
        "globally_suppressed": (_send, _bounce("Permanent", "Suppressed", "5.1.1", _ON_GLOBAL_LIST)),
        "rejected": (_reject,),
        "delayed": (_send, _delay),
        "silent": (),
    }
)

# The names of event destinations' `MatchingEventTypes` by the records' `eventType`.
MATCHING: Mapping[str, str] = MappingProxyType(
    {
        "Send": "SEND",
        "Delivery": "DELIVERY",
        "Bounce": "BOUNCE",
        "Complaint": "COMPLAINT",
        "Reject": "REJECT",
        "Rendering Failure": "RENDERING_FAILURE",
        "DeliveryDelay": "DELIVERY_DELAY",
    }
)


def records(fate: Fate, address: str, at: int, mail: Record) -> list[Record]:
    """All events of one recipient of one message. `at` is epoch milliseconds."""
    told = (tell(address, iso(at)) for tell in TOLD[fate])
    return [{"eventType": kind, "mail": mail, key: body} for kind, key, body in told]


def rendering_failure(message: str, mail: Record) -> Record:
    failure = {"templateName": "", "errorMessage": message}
    return {"eventType": "Rendering Failure", "mail": mail, "failure": failure}


def mail_record(envelope: Mapping[str, Any], message_id: str, at: int, subject: str) -> Record:
    """The `mail` object. Its headers are shortened, and say so (`headersTruncated`)."""
    source, to = envelope["from"], envelope["destination"]
    shown = {"From": source, "To": ", ".join(envelope["to"]), "Subject": subject}
    return {
        "timestamp": iso(at),
        "source": source,
        "sourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/{source.rpartition('@')[2].rstrip('>')}",
        "sendingAccountId": ACCOUNT,
        "messageId": message_id,
        "destination": list(to),
        "headersTruncated": True,
        "headers": [{"name": name, "value": value} for name, value in shown.items()],
        "commonHeaders": {"from": [source], "to": list(envelope["to"]), "messageId": message_id, "subject": subject},
        "tags": _tags(envelope),
    }


def _tags(envelope: Mapping[str, Any]) -> dict[str, list[str]]:
    own = {
        "ses:operation": [envelope["operation"]],
        "ses:configuration-set": [envelope["configuration_set"]],
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [envelope["from"].rpartition("@")[2].rstrip(">")],
        "ses:caller-identity": ["local"],
    }
    return own | {name: [value] for name, value in envelope["tags"].items()}
