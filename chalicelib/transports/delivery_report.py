"""Delivery reports: RFC 3464, and the bounces of servers that do not write it (older Exim, qmail, plain words)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from chalicelib.model.fact import Kind
from chalicelib.transports.bounce_status import failed, status_of
from chalicelib.transports.mail_parts import Fields, Part, first, groups

MAX_DETAIL = 500
MAX_WORDS = 16_000
STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})

# RFC 3464 section 2.3.3. Relayed and expanded: it has left the world of reports, and arrived as far as one can know.
ACTIONS: Mapping[str, Kind] = MappingProxyType(
    {"delayed": "delayed", "delivered": "delivered", "relayed": "delivered", "expanded": "delivered"}
)

_DAEMON = re.compile(r"(?:\A|[<\s\"])(mailer-daemon|postmaster|mail ?delivery[^<]{0,40}<)", re.IGNORECASE)
_UNDELIVERED = re.compile(
    r"undeliver|delivery (status|failure|has failed|failed)|returned (mail|to sender)"
    r"|failure notice|could not be delivered",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delay|warning", re.IGNORECASE)
# Behind this line stands our own letter, whose words are nobody's answer.
_COPY = re.compile(r"^-{2,}.{0,60}(copy of|original message|below this line)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a report says of one recipient; `detail` is shown to people."""

    kind: Kind
    detail: Mapping[str, str] = field(default_factory=dict)


def claims(found: Sequence[Part]) -> list[Claim] | None:
    """What a mail says about deliveries; None where it is no report of them."""
    report = next((part for part in found if part.kind in STATUS_PARTS), None)
    if report is not None:
        return _one_letter([claim for group in groups(report.body) if (claim := _claim(group))])
    return _in_words(found)


def _claim(group: Fields) -> Claim | None:
    """None for the group that is about the whole mail."""
    action = first(group, "action").lower()
    diagnostic = _value(first(group, "diagnostic-code"))
    status = status_of(first(group, "status").split(" ")[0], diagnostic)
    if action == "failed":
        kind = failed(status, diagnostic)
    elif action in ACTIONS:
        kind = ACTIONS[action]
    else:
        return None
    recipient = _value(first(group, "original-recipient") or first(group, "final-recipient"))
    told = {"action": action, "status": status, "diagnosticCode": diagnostic, "recipient": recipient}
    return Claim(kind, shown(told))


def _one_letter(told: list[Claim]) -> list[Claim]:
    """Our letters have one recipient each: where a report has more, a mailing list stood between, and one of its
    members without a mailbox says nothing against the list.
    """
    if len(told) == 1:
        return told
    return [Claim("soft_bounced" if each.kind == "bounced" else each.kind, each.detail) for each in told]


def _in_words(found: Sequence[Part]) -> list[Claim] | None:
    head = found[0].fields
    subject = first(head, "subject")
    by_exim = first(head, "x-failed-recipients")
    by_daemon = _DAEMON.search(first(head, "from")) and _UNDELIVERED.search(subject)
    if not by_exim and not by_daemon:
        return None
    words = next((part.text for part in found if part.kind == "text/plain"), "")[:MAX_WORDS]
    copy = _COPY.search(words)
    said = words[: copy.start()] if copy else words
    status = status_of("", said)
    told = shown({"status": status, "diagnosticCode": " ".join(_told(said).split()), "recipient": by_exim})
    if _DELAYED.search(subject):
        return [Claim("delayed", told)]
    return [Claim(failed(status, said), told)]


def _told(said: str) -> str:
    """From the first line that holds a code on; the beginning where none does."""
    code = re.search(r"^.{0,200}?\b[45][0-9]{2}[ -]", said, re.MULTILINE)
    return said[code.start() :] if code else said


def _value(typed: str) -> str:
    """Without the type before it: `smtp; 550 5.1.1 ...`, `rfc822;ann@example.org`."""
    kind, found, value = typed.partition(";")
    return value.strip() if found and " " not in kind.strip() else typed


def shown(told: Mapping[str, str]) -> dict[str, str]:
    """What says something, cut, as text that any store takes."""
    return {name: text[:MAX_DETAIL].encode("utf-8", "replace").decode() for name, text in told.items() if text}
