"""Recording: whatever came back about messages becomes facts, counters and suppressions. One verb for all of it.

It may be told anything twice, late, in any order and in any batches, by several workers at once: a fact is put if
absent and in one transaction with what it counts, so the counters are those of the facts (`model/counters.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.model.counters import again, facts_of, recounted
from chalicelib.model.fact import EFFECTS, Event, Fact
from chalicelib.model.suppression import Suppression
from chalicelib.work.ports import fact_id
from chalicelib.work.suppressing import suppress
from chalicelib.work.world import World

# A transaction holds 100 actions: the facts, and one counter row an e-mail.
FACTS = 90
EMAILS = 9

# What stands in the store under a fact's id: the id of its event.
Known = dict[str, str]


def record(world: World, events: Sequence[Event]) -> None:
    """Idempotent and order-tolerant. Suppressions go first: a crash before the fact leaves it to the replay."""
    known: Known = {}
    for wished in _batches(fact for event in _needed(world, events) for fact in facts_of(event)):
        _learn(world, known, [fact for fact in wished if _often_stands(fact)])
        _suppress(world, known, wished)
        _put(world, known, wished)


def _needed(world: World, events: Sequence[Event]) -> Iterator[Event]:
    """Without the evidence that needs no fact: the message's row says sent, by this very attempt."""
    asked = {event.message: None for event in events if _is_evidence_alone(event)}
    # a row that is not seen yet costs a fact more, and nothing else
    rows = world.messages.read_many(list(asked), consistent=False)
    for event in events:
        row = rows.get(event.message) if _is_evidence_alone(event) else None
        if row is None or row.state != "sent" or row.attempt != event.attempt:
            yield event


def _is_evidence_alone(event: Event) -> bool:
    effect = EFFECTS[event.kind]
    return effect.proves and effect.counts is None and effect.suppresses is None


def _batches(facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    """As many facts as fit in a transaction with the counters of their e-mails."""
    batch: list[Fact] = []
    emails: set[str] = set()
    for fact in facts:
        emails.add(fact.event.email)
        if len(batch) == FACTS or len(emails) > EMAILS:
            yield batch
            batch, emails = [], {fact.event.email}
        batch.append(fact)
    if batch:
        yield batch


def _often_stands(fact: Fact) -> bool:
    """Worth a read before the put: a transaction that finds one fact there costs all its write units in vain."""
    effect = EFFECTS[fact.event.kind]
    return effect.counts is not None and (effect.again or effect.suppresses is not None)


def _learn(world: World, known: Known, facts: Sequence[Fact]) -> None:
    asked = {fact_id(fact): fact for fact in facts}
    new = [fact for name, fact in asked.items() if name not in known]
    if new:
        known |= {name: fact.event.id for name, fact in world.facts.existing(new).items()}


def _suppress(world: World, known: Known, facts: Iterable[Fact]) -> None:
    """A fact that stands says that its suppression was put: a replay must not undo what came after it.

    The address in the event goes first: the contact may have got a better one since.
    """
    wanted = {
        (fact.event.message.contact, fact.event.kind): fact.event
        for fact in facts
        if EFFECTS[fact.event.kind].suppresses and known.get(fact_id(fact)) != fact.event.id
    }
    nameless = {event.message.contact for event in wanted.values() if not event.address}
    contacts = world.contacts.read_many(list(nameless)) if nameless else {}
    for event in wanted.values():
        contact = contacts.get(event.message.contact)
        _suppress_address(world, event, event.address.strip().lower() or (contact.address if contact else ""))


def _suppress_address(world: World, event: Event, address: str) -> None:
    """Nothing where nobody knows the address any more."""
    reason = EFFECTS[event.kind].suppresses
    if reason and address:
        suppress(world, Suppression(world.signer.hashed("address", address), reason, str(event.message), event.at))


def _put(world: World, known: Known, wished: Sequence[Fact]) -> None:
    """Puts what is new of them. Whoever was quicker is learnt of, and the transaction cut again."""
    while new := _new(known, wished):
        taken = world.facts.put(list(new.values()), recounted(new.values()))
        if taken is None:
            known |= {name: fact.event.id for name, fact in new.items()}
            return
        _learn(world, known, [new[name] for name in taken])


def _new(known: Known, wished: Iterable[Fact]) -> dict[str, Fact]:
    """What is to be put, by `fact_id`: always judged from the first names, for who stands first may have changed."""
    new: dict[str, Fact] = {}
    for wish in wished:
        fact: Fact | None = wish
        while fact is not None and (stands := _stands(known, new, fact)) is not None:
            fact = again(fact) if stands != fact.event.id else None
        if fact is not None:
            new[fact_id(fact)] = fact
    return new


def _stands(known: Known, new: dict[str, Fact], fact: Fact) -> str | None:
    """The id of the event that holds this name in the store or, before that, in this transaction."""
    name = fact_id(fact)
    return known[name] if name in known else new[name].event.id if name in new else None
