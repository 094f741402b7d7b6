"""What a message's feedback adds to its e-mail's counters. Pure: the counters can be recounted at any time.

`opened` and `clicked` are messages, whoever opened them, `opened_total` and `clicked_total` hits; with a label before
them (`human_opened`, `proxy_opened_total`, `scanner_clicked` ...) those that somebody of this label made. A click
opens a message too, for its own label: a person's click makes an unread mail read.

`clicked#3` is link 3, as messages, `clicked_total#3` as hits, `human_clicked#3` and `human_clicked_total#3` people's
alone. Link tables differ between revisions: `clicked#3@2` is link 3 of revision 2. An hour (UTC) has
`opened_total#2026-11-24T13` and `human_opened_total#2026-11-24T13`; kinds that are no hits have the day of the first
of a message, `delivered#2026-11-24`. `device#mobile` and `client#outlook` are messages, without what scanners did.
`by#SEGMENT#gmail.com#human_opened` are messages of one cohort (`model/cohort.py`), of which either may be unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from chalicelib.model.cohort import UNKNOWN, Cohort
from chalicelib.model.fact import EFFECTS, ENDS, Event, Verdict
from chalicelib.model.feedback import Feedback
from chalicelib.model.labelling import HIDDEN_LINK

TOTAL = "_total"
# Messages whose first sending turned out to be accepted after they had been sent again by force.
POSSIBLE_DUPLICATES = "possible_duplicates"

# What an event's `detail` calls the number of the revision that was clicked.
REVISION = "revision"

# What is counted for each cohort apart.
COHORT = "by"
BY_COHORT = (
    "delivered",
    "bounced",
    "complained",
    "unsubscribed",
    "opened",
    "human_opened",
    "clicked",
    "human_clicked",
)

HOUR_MS = 3_600_000

# By e-mail, what is to be added (or, where it is negative, taken away) by counter.
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Change:
    """A message's feedback as it is to be stored, over the version before its own, and what that changes."""

    feedback: Feedback
    counts: Mapping[str, Mapping[str, int]]


def change(before: Feedback, after: Feedback) -> Change:
    return Change(after, difference(counted(before), counted(after)))


def counted(feedback: Feedback) -> Counts:
    """Every counter of this message, by e-mail."""
    messages: dict[str, set[str]] = {}
    hits: dict[str, Counter[str]] = {}
    for fact in feedback.facts:
        email = fact.event.email
        # facts come in their order, so that the first of a kind is the first told here
        first = messages.setdefault(email, set())
        if fact.verdict is None:
            first.update(_as_first(fact.event, first))
        else:
            first.update(_of_message(fact.event, fact.verdict))
            hits.setdefault(email, Counter()).update(_of_hit(fact.event, fact.verdict))
    for first in messages.values():
        first.update([*_of_cohort(feedback.cohort, first)])
    for email in _twice(feedback):
        messages.setdefault(email, set()).add(POSSIBLE_DUPLICATES)
    return {
        email: counts
        for email, first in messages.items()
        if (counts := dict.fromkeys(first, 1) | dict(hits.get(email, {})))
    }


def difference(before: Counts, after: Counts) -> Counts:
    """What takes the counters of one to those of the other; what stays is left out."""
    changed: Counts = {}
    for email in before.keys() | after.keys():
        old, new = before.get(email, {}), after.get(email, {})
        counts = {name: number for name in old.keys() | new.keys() if (number := new.get(name, 0) - old.get(name, 0))}
        if counts:
            changed[email] = counts
    return changed


def recounted(feedbacks: Iterable[Feedback]) -> Counts:
    """The counters of these messages together, by e-mail."""
    sums: dict[str, Counter[str]] = {}
    for feedback in feedbacks:
        for email, counts in counted(feedback).items():
            sums.setdefault(email, Counter()).update(counts)
    return {email: dict(counts) for email, counts in sums.items()}


def link_of(event: Event) -> str:
    """The link's place in its table, and the revision whose table it is where the event tells: `3@2`."""
    revision = event.detail.get(REVISION)
    return f"{event.link}@{revision}" if revision else f"{event.link}"


def day_of(at: int) -> str:
    """YYYY-MM-DD in UTC of epoch milliseconds."""
    return hour_of(at)[:10]


def hour_of(at: int) -> str:
    """YYYY-MM-DDTHH in UTC of epoch milliseconds."""
    return _hour(at // HOUR_MS)


@lru_cache(1_024)
def _hour(number: int) -> str:
    return datetime.fromtimestamp(number * HOUR_MS // 1_000, UTC).strftime("%Y-%m-%dT%H")


def _twice(feedback: Feedback) -> set[str]:
    """The e-mails of which this recipient may have two copies: an attempt was accepted after all that an operator had
    the message sent again for.
    """
    given_up = {fact.event.attempt for fact in feedback.facts if fact.event.kind == "resent"}
    events = (fact.event for fact in feedback.facts if EFFECTS[fact.event.kind].proves and given_up)
    return {event.email for event in events if event.attempt and event.attempt in given_up}


def _as_first(event: Event, known: set[str]) -> tuple[str, ...]:
    """A kind that is counted once a message, with the day of the first."""
    counts = EFFECTS[event.kind].counts
    if event.ends:
        return () if known & set(ENDS.values()) else (ENDS[event.kind],)
    return (counts, f"{counts}#{day_of(event.at)}") if counts and counts not in known else ()


def _of_message(event: Event, verdict: Verdict) -> Iterator[str]:
    """What a message counts with this hit, and no more with another like it."""
    effect = EFFECTS[event.kind]
    for kind in (event.kind, effect.implies):
        if kind is not None:
            yield f"{EFFECTS[kind].counts}"
            yield f"{verdict.label}_{EFFECTS[kind].counts}"
    if event.link is not None and event.link != HIDDEN_LINK:
        yield f"{effect.counts}#{link_of(event)}"
        if verdict.label == "human":
            yield f"human_{effect.counts}#{link_of(event)}"
    if verdict.device:
        yield f"device#{verdict.device}"
    if verdict.client:
        yield f"client#{verdict.client}"


def _of_cohort(cohort: Cohort, counted: set[str]) -> Iterator[str]:
    """What a message counts for its segment and domain, of what it counts at all."""
    if cohort != UNKNOWN:
        yield from (f"{COHORT}#{cohort.segment}#{cohort.domain}#{each}" for each in BY_COHORT if each in counted)


def _of_hit(event: Event, verdict: Verdict) -> Iterator[str]:
    """What each hit counts."""
    total = f"{EFFECTS[event.kind].counts}{TOTAL}"
    names = (total, f"human_{total}") if verdict.label == "human" else (total,)
    yield total
    yield f"{verdict.label}_{total}"
    for name in names:
        yield f"{name}#{hour_of(event.at)}"
        if event.link is not None and event.link != HIDDEN_LINK:
            yield f"{name}#{link_of(event)}"
