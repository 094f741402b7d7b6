"""A mail that came to the return path, as events: bounces, delays, complaints. Pure, for mail from anybody.

Whom it is about is said by a token under our own key alone (the return path that it was sent to, or the Message-ID or
List-Unsubscribe of the letter that it holds): forged and foreign mail says nothing. The addresses that a report names
are shown to people, and never believed: a token of one's own must not suppress somebody else's address.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.model import ids
from chalicelib.model.fact import Event
from chalicelib.model.token import Returned, Signer
from chalicelib.transports import delivery_report, feedback_report
from chalicelib.transports.delivery_report import Claim
from chalicelib.transports.mail_parts import MAX_MAIL, Fields, Part, first, parts

Sort = Literal["bounce", "complaint", "auto_reply", "other"]

MAX_RECIPIENTS = 50
MAX_TOKENS = 40

_RETURN = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{56})(?=[@.=])")
_TRACKED = re.compile(r"/u/([A-Za-z0-9_-]{62,75})(?![A-Za-z0-9_-])")
_AUTO_SUBJECT = re.compile(
    r"\s*(auto(matic)?[ -]?(reply|response|antwort)|automatische antwort|out of (the )?office|abwesen"
    r"|r.ponse automatique|absence|respuesta autom)",
    re.IGNORECASE,
)
_AUTO_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder")


@dataclass(frozen=True, slots=True)
class Mail:
    """`recipients` are those of the envelope, where they are known; `received_at` is epoch milliseconds."""

    content: bytes
    received_at: int
    recipients: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An event's `email` and `attempt` are "" where the token does not say them: the message's row does."""

    sort: Sort
    events: tuple[Event, ...] = ()


def read(mail: Mail, signer: Signer) -> Reading:
    """What it says of which of our messages. Never raises."""
    found = parts(mail.content)
    sort, claims = _claims(found)
    about = _about(mail, found, signer) if claims else None
    if about is None:
        return Reading(sort)
    source = _source(mail, found[0].fields)
    told = dict.fromkeys((claim.kind, tuple(claim.detail.items())) for claim in claims)
    return Reading(sort, tuple(_event(Claim(kind, dict(detail)), about, source, mail) for kind, detail in told))


def _claims(found: Sequence[Part]) -> tuple[Sort, Sequence[Claim]]:
    """Reports first: they are sent automatically, too (RFC 3834 section 2)."""
    complaint = feedback_report.claims(found)
    if complaint is not None:
        return "complaint", complaint
    report = delivery_report.claims(found)
    if report is not None:
        return "bounce", report
    return ("auto_reply" if _is_auto_reply(found[0].fields) else "other"), ()


def _is_auto_reply(head: Fields) -> bool:
    """RFC 3834 section 5, and what older answering machines say."""
    submitted = first(head, "auto-submitted").lower()
    return (
        (submitted != "" and not submitted.startswith("no"))
        or any(name in head for name in _AUTO_FIELDS)
        or first(head, "precedence").lower() == "auto_reply"
        or _AUTO_SUBJECT.match(first(head, "subject")) is not None
    )


def _about(mail: Mail, found: Sequence[Part], signer: Signer) -> Returned | None:
    """The first token that is ours: of the envelope, then of whatever the mail holds."""
    texts = [*mail.recipients[:MAX_RECIPIENTS], mail.content[:MAX_MAIL].decode("latin-1")]
    for text in [*texts, *(part.text for part in found)]:
        for returned in _tokens(text, signer):
            return returned
    return None


def _tokens(text: str, signer: Signer) -> Iterator[Returned]:
    for number, match in enumerate(_RETURN.finditer(text)):
        if number == MAX_TOKENS:
            break
        returned = signer.read_return(match[1])
        if returned:
            yield returned
    for number, match in enumerate(_TRACKED.finditer(text)):
        if number == MAX_TOKENS:
            break
        tracked = signer.read(match[1])
        if tracked:
            yield Returned(tracked.message, tracked.email)


def _event(claim: Claim, about: Returned, source: str, mail: Mail) -> Event:
    parts_of_id = (str(about.message), claim.kind, source, *claim.detail.values())
    return Event(
        id=ids.from_bytes(hashlib.sha256("\n".join(parts_of_id).encode()).digest()[: ids.ID_BYTES]),
        kind=claim.kind,
        message=about.message,
        email=about.email,
        at=mail.received_at,
        detail=claim.detail,
    )


def _source(mail: Mail, head: Fields) -> str:
    """What names this very mail, by whichever way it came: its Message-ID, else its content."""
    said = first(head, "message-id").encode("utf-8", "replace") or mail.content[:MAX_MAIL]
    return hashlib.sha256(said).hexdigest()
