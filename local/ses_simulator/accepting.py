"""Accepting: a message id, a copy in the ledger and the events to come, all in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import Any, cast

import msgspec

from local.ses_simulator import substitution
from local.ses_simulator.entries import Entry
from local.ses_simulator.events import MATCHING, Record, mail_record, records, rendering_failure
from local.ses_simulator.fates import VIRUS, Fate, mailbox
from local.ses_simulator.faults import Fault
from local.ses_simulator.ledger import Arrival, Content
from local.ses_simulator.office import Office
from local.ses_simulator.outbox import KEPT

# Why a mail cannot be rendered with these values, "" where it can.
Obstacle = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message with its id; `obstacle` says why it cannot be rendered; a fate for each recipient."""

    message_id: str
    entry: Entry
    obstacle: str
    fates: tuple[Fate, ...]


def accept(office: Office, content: Content, entries: Sequence[Entry], faults: Sequence[Fault | None]) -> list[str]:
    """The message ids. `faults` are those that hit each entry. What cannot be rendered is no copy, only an event."""
    at = office.now()
    obstacle, subject = _obstacle(content), _subject(content)
    virus = VIRUS.encode() in content.body
    accepted = [
        Accepted(
            new_message_id(at),
            entry,
            _demanded(fault) or obstacle(entry.data),
            _fates(office, entry, fault, virus=virus),
        )
        for entry, fault in zip(entries, faults, strict=True)
    ]
    copies = [Arrival(each.message_id, at, _filed(each)) for each in accepted if not each.obstacle]
    rows = [row for each in accepted for row in _event_rows(office, each, at, subject)]
    with office.database.writing() as connection:
        office.ledger.keep(connection, content, copies)
        office.outbox.put(connection, rows)
    office.wake()
    return [each.message_id for each in accepted]


def _filed(accepted: Accepted) -> dict[str, Any]:
    return accepted.entry.envelope | {"fate": accepted.fates[0]}


def new_message_id(at: int) -> str:
    """As SES's look: `0100` + the time in hex, a UUID, a counter that is always zero."""
    return f"0100{at:012x}-{uuid.uuid4()}-000000"


def _demanded(fault: Fault | None) -> str:
    """The obstacle that a fault puts up."""
    unrenderable = fault is not None and fault.kind == "fate" and fault.fate == "rendering_failed"
    return "A rendering failure on demand." if unrenderable else ""


def _obstacle(content: Content) -> Obstacle:
    if content.kind != "template":
        return lambda _data: ""
    parts = content.parts()
    try:
        wanted = frozenset().union(*(substitution.names(parts[part]) for part in ("subject", "html", "text")))
    except substitution.CannotRender as error:
        broken = str(error)
        return lambda _data: broken
    return lambda data: substitution.missing(wanted, data)


def _subject(content: Content) -> Callable[[Mapping[str, Any]], str]:
    if content.kind == "raw":
        subject = str(BytesHeaderParser().parsebytes(content.body).get("Subject", ""))
        return lambda _data: subject
    template = content.parts()["subject"]
    return (lambda data: substitution.filled(template, data)) if content.kind == "template" else lambda _data: template


def _fates(office: Office, entry: Entry, fault: Fault | None, *, virus: bool) -> tuple[Fate, ...]:
    """One for each recipient."""
    if fault is not None and fault.kind == "fate":
        return (cast("Fate", fault.fate),) * len(entry.recipients)
    if virus or any(VIRUS in value for value in entry.data.values() if isinstance(value, str)):
        return tuple("rejected" for _ in entry.recipients)
    return tuple(_fate(office, address) for address in entry.recipients)


def _fate(office: Office, address: str) -> Fate:
    fate = mailbox(address)
    if fate is not None:
        return fate
    return "suppressed" if office.suppressed.get(address.lower()) is not None else "delivered"


def _event_rows(
    office: Office, accepted: Accepted, at: int, subject: Callable[[Mapping[str, Any]], str]
) -> list[tuple[str, str]]:
    """(topic, body) of each event, for each destination of the configuration set that wants it. SES tells
    nothing of a message that was sent without a configuration set.
    """
    envelope, data = accepted.entry.envelope, accepted.entry.data
    if not envelope["configuration_set"]:
        return []
    mail = mail_record(envelope, accepted.message_id, at, "" if accepted.obstacle else subject(data))
    destinations = (office.configuration_sets.get(envelope["configuration_set"]) or {}).get("destinations", [])
    return [
        (topic, msgspec.json.encode(record).decode())
        for record in _records(accepted, at, mail)
        for topic in _topics(destinations, record)
    ]


def _records(accepted: Accepted, at: int, mail: Record) -> list[Record]:
    if accepted.obstacle:
        return [rendering_failure(accepted.obstacle, mail)]
    fated = zip(accepted.entry.recipients, accepted.fates, strict=True)
    return [record for address, fate in fated for record in records(fate, address, at, mail)]


def _topics(destinations: Sequence[Mapping[str, Any]], record: Record) -> list[str]:
    """Where a record goes; KEPT where the set has no destination at all."""
    if not destinations:
        return [KEPT]
    kind = MATCHING[record["eventType"]]
    return [
        each["SnsDestination"]["TopicArn"] if each.get("SnsDestination") else KEPT
        for each in destinations
        if each.get("Enabled") and kind in each.get("MatchingEventTypes", ())
    ]
