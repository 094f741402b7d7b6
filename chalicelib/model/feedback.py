"""All that came back about one message, as one thing: a set of events, with the verdicts that follow from the set.

It is a set in the strict sense: in whatever order, how often and in whatever batches events are told, the same facts
come out. Of one event told twice differently the earlier stands; of each kind the earliest are kept (`Effect.kept`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chalicelib.model.cohort import UNKNOWN, Cohort
from chalicelib.model.fact import EFFECTS, Event, Fact, Kind
from chalicelib.model.labelling import verdicts
from chalicelib.model.message import MessageKey

# What an event's words may say of anybody: which category was left, which revision was clicked.
HARMLESS = frozenset({"category", "revision"})


@dataclass(frozen=True, slots=True)
class Feedback:
    """`facts` are in the order of `at`, kind and id. `sent_at` (epoch milliseconds) is there only where hits are and
    nobody told of the delivery; `cohort` is whose figures it adds to, as the message's row says. `version` counts
    writes, and says nothing about the content. Where the person was `erased` facts have neither words nor addresses,
    and none that come later get any.
    """

    message: MessageKey
    facts: tuple[Fact, ...] = ()
    sent_at: int | None = None
    erased: bool = False
    cohort: Cohort = UNKNOWN
    version: int = field(default=0, compare=False)

    @property
    def has_hits(self) -> bool:
        return any(fact.verdict is not None for fact in self.facts)

    @property
    def delivered(self) -> bool:
        return any(fact.event.kind == "delivered" for fact in self.facts)

    def holds(self, event: Event) -> bool:
        """Whether this event, by its kind and id, is among the facts."""
        return any(fact.event.id == event.id and fact.event.kind == event.kind for fact in self.facts)


def told(feedback: Feedback, events: Iterable[Event], sent_at: int | None = None, cohort: Cohort = UNKNOWN) -> Feedback:
    """With these events, and judged by the rules as they are now. Itself where that changes nothing; else the next
    version. `sent_at` and `cohort` are what the message's row says; a cohort that is known stays.
    """
    known = replace(feedback, cohort=cohort) if feedback.cohort == UNKNOWN else feedback
    new = list(events)
    after = _told_of_nobody(known, new, sent_at) if feedback.erased else _told(known, new, sent_at)
    return feedback if after == feedback else replace(after, version=feedback.version + 1)


def _told(feedback: Feedback, events: list[Event], sent_at: int | None) -> Feedback:
    kept = _kept([*(fact.event for fact in feedback.facts), *events])
    delivered = any(event.kind == "delivered" for event in kept)
    hits = any(EFFECTS[event.kind].hit for event in kept)
    at = None if delivered or not hits else _earlier(feedback.sent_at, sent_at)
    facts = tuple(map(Fact, kept, verdicts(kept, at)))
    return replace(feedback, facts=facts, sent_at=at)


def erased(feedback: Feedback) -> Feedback:
    """The next version, without what says who somebody is; the verdicts stay, by which it was counted."""
    facts = tuple(replace(fact, event=_wordless(fact.event)) for fact in feedback.facts)
    return replace(feedback, facts=facts, erased=True, version=feedback.version + 1)


def _told_of_nobody(feedback: Feedback, events: list[Event], sent_at: int | None) -> Feedback:
    """New hits are judged by what they say themselves, and lose it then; verdicts that stand are kept."""
    judged = {(fact.event.kind, fact.event.id): fact.verdict for fact in feedback.facts}
    new = [event for event in events if (event.kind, event.id) not in judged]
    judged |= {(event.kind, event.id): verdict for event in new for verdict in verdicts([event], sent_at)}
    kept = _kept([*(fact.event for fact in feedback.facts), *map(_wordless, new)])
    return replace(feedback, facts=tuple(Fact(event, judged[event.kind, event.id]) for event in kept))


def _wordless(event: Event) -> Event:
    return replace(event, address="", detail={name: event.detail[name] for name in HARMLESS & event.detail.keys()})


def _kept(events: Iterable[Event]) -> list[Event]:
    """Each event once, and the earliest of each kind."""
    once: dict[tuple[Kind, str], Event] = {}
    for event in events:
        key = (event.kind, event.id)
        if key not in once or _place(event) < _place(once[key]):
            once[key] = event
    numbers: dict[Kind, int] = {}
    kept = []
    for event in sorted(once.values(), key=_place):
        numbers[event.kind] = numbers.get(event.kind, 0) + 1
        if numbers[event.kind] <= EFFECTS[event.kind].kept:
            kept.append(event)
    return kept


def _place(event: Event) -> tuple[int, str, str, str]:
    """A total order: of two that are told differently under one id it always prefers the same."""
    rest = (event.attempt, event.address, event.link, event.provider_id, sorted(event.detail.items()), event.ends)
    return event.at, event.kind, event.id, repr(rest)


def _earlier(one: int | None, other: int | None) -> int | None:
    known = [at for at in (one, other) if at is not None]
    return min(known, default=None)
