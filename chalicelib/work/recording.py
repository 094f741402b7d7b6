"""Recording: whatever came back about messages becomes facts, counters and suppressions. One verb for all of it.

It may be told anything twice, late, in any order and in any batches, by several workers at once: the facts of a
message are a set (`model/feedback.py`), written over the version that was read and in one transaction with what that
changes in the counters (`model/counters.py`). Whoever is slower reads what stands and adds to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.model.cohort import UNKNOWN as UNKNOWN_COHORT
from chalicelib.model.counters import change
from chalicelib.model.fact import EFFECTS, EVIDENCE, Event
from chalicelib.model.feedback import Feedback, told
from chalicelib.model.message import TEST, UNKNOWN, Message, MessageKey
from chalicelib.model.pulse import BEATS, MINUTE_MS, Pulse
from chalicelib.model.suppression import Suppression
from chalicelib.work import resting
from chalicelib.work.suppressing import suppress, suppress_told, weighs
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

# What a person says, and no mailbox.
OF_PEOPLE = frozenset({"complained", "unsubscribed"})

Events = Mapping[MessageKey, Sequence[Event]]
Known = dict[MessageKey, Feedback]
Rows = Mapping[MessageKey, Message]
# Of the messages that were looked for.
Sendings = Mapping[MessageKey, Message | None]


def record(world: World, events: Sequence[Event]) -> None:
    """Idempotent and order-tolerant. Suppressions go first: a crash before the facts leaves them to the replay."""
    for event in events:
        if event.message == UNKNOWN and weighs(event):
            suppress_told(world, event, event.address)
    events = [event for event in events if event.message != UNKNOWN]
    rows = _evidence(world, events)
    wished = _by_message(event for event in events if not _is_proved(event, rows))
    if wished:
        known = _known(world, wished)
        _suppress(world, known, wished)
        sendings = _sendings(world, known, wished)
        _put(world, known, wished, sendings)
        _wake(world, wished, sendings)
    _beat(world, events)


def _beat(world: World, events: Sequence[Event]) -> None:
    """Keeps the pulse of the feedback road, once a minute at the most: that events are recorded, and how soon."""
    latest = max((event.at for event in events if event.kind in BEATS and event.attempt and not event.ends), default=0)
    if not latest:
        return
    before = world.pulses.read(Pulse(0, 0).id)
    if before is None:
        world.pulses.create(Pulse(latest, world.now()))
    elif latest - before.event_at >= MINUTE_MS:
        world.pulses.update(Pulse(latest, world.now(), before.version + 1), before.version)


def put(world: World, known: Known, wished: Events) -> int:
    """Writes what these events change in the feedback known of their messages, and judges anew what is there; how many
    messages that changed. Whoever was quicker is learnt of, and the rest is judged again.
    """
    return _put(world, known, wished, _sendings(world, known, wished))


def _put(world: World, known: Known, wished: Events, rows: Sendings) -> int:
    written, left = 0, dict(wished)
    while left:
        changes = [
            change(before, after)
            for key, events in left.items()
            if (after := _told(before := known[key], events, rows.get(key))) is not before
        ]
        lost = world.facts.write(changes)
        written += len(changes) - len(lost)
        known |= lost
        left = {key: left[key] for key in lost}
    return written


def _by_message(events: Iterator[Event]) -> dict[MessageKey, list[Event]]:
    wished: dict[MessageKey, list[Event]] = {}
    for event in events:
        wished.setdefault(event.message, []).append(event)
    return wished


def _known(world: World, wished: Events) -> Known:
    return {key: Feedback(key) for key in wished} | world.facts.read_many(list(wished))


def _evidence(world: World, events: Sequence[Event]) -> Rows:
    """The rows of messages of which we are told no more than that they were sent."""
    asked = {event.message: None for event in events if _is_evidence_alone(event)}
    # a row that is not seen yet costs a fact more, and nothing else
    return world.messages.read_many(list(asked), consistent=False) if asked else {}


def _is_proved(event: Event, rows: Rows) -> bool:
    """Evidence that needs no fact: the message's row says sent, by this very attempt."""
    row = rows.get(event.message) if _is_evidence_alone(event) else None
    return row is not None and row.state == "sent" and row.attempt == event.attempt


def _is_evidence_alone(event: Event) -> bool:
    effect = EFFECTS[event.kind]
    return effect.proves and effect.counts is None and effect.suppresses is None and not event.ends


def _sendings(world: World, known: Known, wished: Events) -> Sendings:
    """The rows of messages of which nobody knows yet whose figures they belong to; of those of which something may be
    proved; and of those that have hits, and of whose delivery nobody has told: when they were sent says how soon the
    hits came. None where there is no row.
    """
    asked = [key for key, events in wished.items() if _needs_sending(known[key], events)]
    rows = world.messages.read_many(asked, consistent=False) if asked else {}
    return {key: rows.get(key) for key in asked}


def _needs_sending(feedback: Feedback, events: Sequence[Event]) -> bool:
    if feedback.cohort == UNKNOWN_COHORT or any(event.attempt and event.kind in EVIDENCE for event in events):
        return True
    if feedback.sent_at is not None or feedback.delivered:
        return False
    kinds = {event.kind for event in events}
    return "delivered" not in kinds and (feedback.has_hits or any(EFFECTS[kind].hit for kind in kinds))


def _wake(world: World, wished: Events, rows: Sendings) -> None:
    """Whoever is held in doubt has no row that says sent: what comes back about them is weighed at once. Behind the
    facts: a crash before leaves it to the replay.
    """
    doubtful = (key for key, row in rows.items() if not key.sending and (row is None or row.state != "sent"))
    for family in sorted({key.family for key in doubtful if _proves(wished[key])} - {TEST.family}):
        resting.wake(world, family)


def _proves(events: Sequence[Event]) -> bool:
    """For or against acceptance."""
    return any(event.kind in EVIDENCE for event in events)


def _told(before: Feedback, events: Sequence[Event], row: Message | None) -> Feedback:
    return told(before, events, _sent_at(row), row.cohort if row else UNKNOWN_COHORT)


def _sent_at(row: Message | None) -> int | None:
    return row.at if row is not None and row.state == "sent" else None


def _suppress(world: World, known: Known, wished: Events) -> None:
    """A fact that stands says that its suppression was put: a replay must not undo what came after it.

    The address in the event goes first: the contact may have got a better one since.
    """
    wanted = {
        (key if event.kind == "soft_bounced" else key.contact, event.kind): event
        for key, events in wished.items()
        for event in events
        if weighs(event) and not known[key].holds(event)
    }
    nameless = {event.message.contact for event in wanted.values() if not event.address}
    contacts = world.contacts.read_many(list(nameless)) if nameless else {}
    for event in wanted.values():
        contact = contacts.get(event.message.contact)
        suppress_told(world, event, event.address or (contact.address if contact else ""))
        if event.kind in OF_PEOPLE:
            _suppress_survivor(world, event)


def _suppress_survivor(world: World, event: Event) -> None:
    """What somebody said of a letter that went to a contact since merged holds for the one that took it over."""
    contact, reason = survivor(world, event.message.contact), EFFECTS[event.kind].suppresses
    if contact is not None and contact.id != event.message.contact and reason is not None:
        hashed = world.signer.hashed("address", contact.address)
        suppress(world, Suppression(hashed, reason, str(event.message), event.at))
