"""Evidence: what the rows and the facts prove about a call whose outcome nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.model.fact import EFFECTS, EVIDENCE, Fact
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import Accepted, Outcome, Refused
from chalicelib.work.world import World


def found(world: World, keys: Sequence[MessageKey], attempts: Sequence[str]) -> dict[MessageKey, Outcome]:
    """What became of these messages in these attempts, for those of them where something proves it."""
    rows, facts = world.messages.read_many(keys), proofs(world, keys)
    outcomes = {}
    for key, attempt in zip(keys, attempts, strict=True):
        outcome = of_row(rows.get(key), attempt) or of_facts(facts.get(key, ()), attempt)
        if outcome is not None:
            outcomes[key] = outcome
    return outcomes


def proofs(world: World, keys: Sequence[MessageKey]) -> dict[MessageKey, list[Fact]]:
    """The facts that say something about acceptance, for or against it, of those messages that have any."""
    known = world.facts.read_many(list(dict.fromkeys(keys)))
    found = {key: [fact for fact in each.facts if fact.event.kind in EVIDENCE] for key, each in known.items()}
    return {key: facts for key, facts in found.items() if facts}


def of_row(row: Message | None, attempt: str) -> Outcome | None:
    """A row written by this attempt says how it ended."""
    if row is None or row.attempt != attempt:
        return None
    if row.state == "sent":
        return Accepted(row.provider_id)
    return Refused(row.reason) if row.state == "failed" else None


def of_facts(facts: Iterable[Fact], attempt: str) -> Outcome | None:
    """Any event but Reject and RenderingFailure proves that the provider accepted the message.

    Opens and clicks name no attempt: whoever opened it has it.
    """
    against = None
    for fact in facts:
        if EFFECTS[fact.event.kind].proves:
            return Accepted(fact.event.provider_id)
        if fact.event.attempt == attempt:
            against = Refused(fact.event.detail.get("reason", fact.event.kind))
    return against
