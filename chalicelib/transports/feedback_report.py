"""Feedback reports (RFC 5965): a mailbox provider says that somebody called our letter spam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chalicelib.model.fact import Kind
from chalicelib.transports.delivery_report import Claim, shown
from chalicelib.transports.mail_parts import Part, fields, first

FEEDBACK = "message/feedback-report"

# IANA's registry of feedback types. What is not there counts as `other` (RFC 5965 section 3.1): a complaint. Not-spam
# (RFC 6430) and failed authentication (RFC 6591, DMARC) are nobody's complaint; opt-out is a wish to leave.
TYPES: Mapping[str, Kind | None] = MappingProxyType(
    {"not-spam": None, "auth-failure": None, "opt-out": "unsubscribed", "opt-out-list": "unsubscribed"}
)


def claims(found: Sequence[Part]) -> list[Claim] | None:
    """What a mail complains of; None where it is no feedback report."""
    report = next((part for part in found if part.kind == FEEDBACK), None)
    if report is None:
        return None
    told = fields(report.body)
    kind = first(told, "feedback-type").lower()
    meaning = TYPES.get(kind, "complained")
    if not kind or meaning is None:
        return []
    detail = {"complaintFeedbackType": kind, "userAgent": first(told, "user-agent")}
    return [Claim(meaning, shown(detail))]
