"""What a fact adds to its e-mail's counters. Pure: the counters can be recounted from the facts at any time.

`opened` and `clicked` are unique (a message each), `clicked#3` unique for link 3; kinds that come again have
`opened_total`, `clicked_total` and `clicked_total#3`. Link tables differ between revisions: `clicked#3@2` is link 3 of
revision 2. A day (UTC) has `opened_total#2026-11-24`, and for kinds that
come once `delivered#2026-11-24`: uniques have no day, so that no counter depends on which open came in first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from chalicelib.model.fact import EFFECTS, Event, Fact, Kind, first_name, repeat_name

TOTAL = "_total"

# What an event's `detail` calls the number of the revision that was clicked.
REVISION = "revision"


def facts_of(event: Event) -> tuple[Fact, ...]:
    """The fact of the event itself and, behind it, those it implies; all under their first names."""
    own = first_name(event)
    implied = (kind for kind in EFFECTS[event.kind].implies if kind != own)
    return tuple(Fact(event.message, name, event) for name in (own, *implied))


def again(fact: Fact) -> Fact | None:
    """The fact as a repetition, where its kind has repetitions; an implied fact has none."""
    if not EFFECTS[fact.event.kind].again or fact.name != first_name(fact.event):
        return None
    return Fact(fact.message, repeat_name(fact.event), fact.event)


def counted(fact: Fact) -> tuple[str, ...]:
    """The counters to which this fact adds one."""
    return _as_first(fact) + _as_hit(fact)


def recounted(facts: Iterable[Fact]) -> dict[str, dict[str, int]]:
    """The counters of these facts, by e-mail."""
    sums: dict[str, dict[str, int]] = {}
    for fact in facts:
        counters = sums.setdefault(fact.event.email, {})
        for name in counted(fact):
            counters[name] = counters.get(name, 0) + 1
    return {email: counters for email, counters in sums.items() if counters}


def link_of(event: Event) -> str:
    """The link's place in its table, and the revision whose table it is where the event tells: `3@2`."""
    revision = event.detail.get(REVISION)
    return f"{event.link}@{revision}" if revision else f"{event.link}"


def day_of(at: int) -> str:
    """YYYY-MM-DD in UTC of epoch milliseconds."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")


def _as_first(fact: Fact) -> tuple[str, ...]:
    kinds: Iterable[Kind] = (fact.event.kind, *EFFECTS[fact.event.kind].implies)
    for kind in kinds:
        counts = EFFECTS[kind].counts
        if counts and fact.name == kind:
            return (counts,)
        if counts and fact.name == f"{kind}#{fact.event.link}":
            return (f"{counts}#{link_of(fact.event)}",)
    return ()


def _as_hit(fact: Fact) -> tuple[str, ...]:
    """What the event itself counts, as often as it comes; an implied fact is no hit."""
    event, effect = fact.event, EFFECTS[fact.event.kind]
    if not effect.counts or fact.name not in (first_name(event), repeat_name(event)):
        return ()
    if not effect.again:
        return (f"{effect.counts}#{day_of(event.at)}",)
    total = effect.counts + TOTAL
    names = (total, f"{total}#{day_of(event.at)}")
    return names if event.link is None else (*names, f"{total}#{link_of(event)}")
