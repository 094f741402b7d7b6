"""What came of an e-mail: its sends from the broadcasts' own sums, all else from the counters of the facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Literal

from chalicelib.compose.tracked import html_links
from chalicelib.compose.written_target import written_targets
from chalicelib.model.broadcast import Broadcast, Tally
from chalicelib.model.cohort import OTHER
from chalicelib.model.counters import BY_COHORT, COHORT, POSSIBLE_DUPLICATES, TOTAL
from chalicelib.model.email import Email
from chalicelib.model.errors import NotFound
from chalicelib.model.fact import EFFECTS
from chalicelib.model.sent import SentTo, sent_to
from chalicelib.work.broadcasting import Progress, progress
from chalicelib.work.families import family
from chalicelib.work.pages import every
from chalicelib.work.world import World

MAX_BROADCASTS = 1_000

# Template e-mails have no chunks to sum: their ends are counted with the fact of each (`work/single_call.py`).
SENT, FAILED = "sent", "failed"

ONCE = tuple(effect.counts for effect in EFFECTS.values() if effect.counts and not effect.hit)
HITS = tuple(effect.counts for effect in EFFECTS.values() if effect.counts and effect.hit)
HUMAN, MACHINES = "human", ("proxy", "scanner")
# Each is a share of the messages delivered, or of those sent where nobody told of any delivery.
RATES = {
    "opened": "human_opened",
    "clicked": "human_clicked",
    "unsubscribed": "unsubscribed",
    "complained": "complained",
}
DIGITS = 4
# The part of the link that nobody sees: it is no row.
HIDDEN = "hidden"

LINK = re.compile(r"clicked_total#(?P<link>\d+)(?:@(?P<revision>\d+))?")
WHEN = re.compile(rf"(?P<counts>\w+?)(?:{TOTAL})?#(?P<day>\d{{4}}-\d\d-\d\d)(?P<hour>T\d\d)?")

Counters = Mapping[str, int]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Sending:
    """What a broadcast did for one e-mail of the family. Who is skipped is so before a member is chosen for them: that
    is told with the root.
    """

    mine: Tally
    skipped: Counters
    sent_to: SentTo

    @classmethod
    def of(cls, made: Progress, email: Email) -> _Sending:
        broadcast, tally = made.broadcast, made.tally
        apart = sent_to(tally.apart, broadcast.choices_of(email.id), broadcast.segments, broadcast.domains)
        mine = _of_member(broadcast, tally, email.id) if broadcast.members else tally
        return cls(mine, tally.skipped if broadcast.email == email.id else {}, apart)


def _of_member(broadcast: Broadcast, tally: Tally, email_id: str) -> Tally:
    places = (n for n, each in enumerate(broadcast.members) if each.email == email_id)
    return tally.members.get(next(places, -1), Tally())


def of_email(world: World, email_id: str) -> dict[str, Any]:
    """Sums over all broadcasts and template sendings of this e-mail, and what came back about them.

    {"email", "planned", "sent", "failed", "skipped": {reason: n}, "in_doubt", "held", "delivered", "bounced", ...,
    "opened": {"unique", "total"}, "clicked": {"unique", "total"}, whoever it was, and the same two under "human",
    "proxy" and "scanner" by who it was, and under "machine" for messages that no person opened (clicked), and hits of
    proxies and scanners together; "rates": shares between 0 and 1, null where nothing was sent, of people alone;
    "first" and "last": {"opened", "clicked"}, hours as YYYY-MM-DDTHH or null; "devices" and "clients": {name:
    messages}, without scanners; "links": [{"n", "url", "part", "unique", "total", "human": {"unique", "total"}}];
    "segments" and "domains": messages by the segment that brought their recipients (its "segment" and "name"), by the
    domain of their mailboxes ("domain", "other" for all that are not among the biggest): [{"sent", "delivered",
    "bounced", "complained", "unsubscribed", "opened", "clicked", "human": {"opened", "clicked"}, "machine": {"opened",
    "clicked"}}], those that were sent most first;
    "days": [{"day", "sent", "delivered", "opened", "human_opened", ...}] and "hours": [{"hour", "opened", ...}]}.

    Of a family's member these are its own; who was skipped is told with the root. `planned`, `skipped` and "sent" by
    segment, domain or day are of broadcasts alone. Days and hours are UTC; in them opens and clicks are hits, not
    people. `part` is "html" or "text", where the link stands; it and `url` are "" for a link that no revision has.
    Raises NotFound.
    """
    email = _read(world, email_id)
    counters = world.facts.counters(email_id)
    sendings = [_Sending.of(progress(world, each), email) for each in _broadcasts(world, email.family)]
    sending = _summed(sendings, counters)
    hours = _hours(counters)
    return {
        "email": email_id,
        **sending,
        **{name: counters.get(name, 0) for name in (*ONCE, POSSIBLE_DUPLICATES)},
        **_hits(counters, ""),
        **{label: _hits(counters, f"{label}_") for label in (HUMAN, *MACHINES)},
        "machine": {name: _machine(counters, name) for name in HITS},
        "rates": _rates(counters, sending[SENT]),
        "first": {name: next((row["hour"] for row in hours if name in row), None) for name in HITS},
        "last": {name: next((row["hour"] for row in reversed(hours) if name in row), None) for name in HITS},
        "devices": _named(counters, "device#"),
        "clients": _named(counters, "client#"),
        "links": _links(world, email, counters),
        "segments": _segments(world, counters, _added(each.sent_to.segments for each in sendings)),
        "domains": _cohorts(counters, _added(each.sent_to.domains for each in sendings), "domain"),
        "days": _days(counters, _added(each.sent_to.days for each in sendings)),
        "hours": hours,
    }


def of_family(world: World, root_id: str) -> dict[str, Any]:
    """An e-mail with its translations and variants, as one: what `of_email` says of sends, of feedback, of people
    ("human") and of rates. Raises NotFound.
    """
    root = _read(world, root_id)
    counters = _added(world.facts.counters(each.id) for each in family(world, root))
    tallies = (progress(world, each).tally for each in _broadcasts(world, root_id))
    sending = _summed([_Sending(each, each.skipped, SentTo()) for each in tallies], counters)
    return {
        **sending,
        **{name: counters.get(name, 0) for name in ONCE},
        HUMAN: _hits(counters, f"{HUMAN}_"),
        "rates": _rates(counters, sending[SENT]),
    }


def _read(world: World, email_id: str) -> Email:
    email = world.emails.read(email_id)
    if email is None:
        raise NotFound(f"There is no e-mail {email_id!r}.", field="id")
    return email


def links(world: World, email: Email) -> Rows:
    """The rows of `of_email`'s "links" alone."""
    return _links(world, email, world.facts.counters(email.id))


def _hits(counters: Counters, label: str) -> dict[str, dict[str, int]]:
    return {
        name: {"unique": counters.get(f"{label}{name}", 0), "total": counters.get(f"{label}{name}{TOTAL}", 0)}
        for name in HITS
    }


def _machine(counters: Counters, name: str) -> dict[str, int]:
    """Messages that machines alone opened (clicked), and all hits of machines."""
    return {
        "unique": counters.get(name, 0) - counters.get(f"{HUMAN}_{name}", 0),
        "total": sum(counters.get(f"{label}_{name}{TOTAL}", 0) for label in MACHINES),
    }


def _rates(counters: Counters, sent: int) -> dict[str, float | None]:
    delivered = counters.get("delivered", 0) or sent
    rates = {name: _share(counters.get(counter, 0), delivered) for name, counter in RATES.items()}
    clicked_of_opened = _share(counters.get("human_clicked", 0), counters.get("human_opened", 0))
    return rates | {"clicked_of_opened": clicked_of_opened, "bounced": _share(counters.get("bounced", 0), sent)}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None


def _named(counters: Counters, prefix: str) -> dict[str, int]:
    """The most frequent first."""
    found = {name.removeprefix(prefix): number for name, number in counters.items() if name.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _segments(world: World, counters: Counters, sent: Counters) -> Rows:
    """`name` is "" where a segment is gone."""
    rows = _cohorts(counters, sent, "segment")
    known = world.segments.read_many([row["segment"] for row in rows])
    return [row | {"name": known[row["segment"]].name if row["segment"] in known else ""} for row in rows]


def _cohorts(counters: Counters, sent: Counters, kind: Literal["segment", "domain"]) -> Rows:
    """The messages of each segment or domain that is known; all other domains together are last, however many."""
    found = {of: Counter({SENT: number}) for of, number in sent.items()}
    for name, number in counters.items():
        if name.startswith(f"{COHORT}#"):
            _, segment, domain, counter = name.split("#")
            found.setdefault(segment if kind == "segment" else domain, Counter())[counter] += number
    ordered = sorted(filter(None, found), key=lambda of: (of == OTHER, -found[of][SENT], -found[of]["delivered"], of))
    return [{kind: of, **_of_cohort(found[of])} for of in ordered]


def _of_cohort(counts: Counters) -> dict[str, Any]:
    people = {name: counts.get(f"{HUMAN}_{name}", 0) for name in HITS}
    everybody = {name: counts.get(name, 0) for name in BY_COHORT if not name.startswith(HUMAN)}
    return {
        SENT: counts.get(SENT, 0),
        **everybody,
        HUMAN: people,
        "machine": {name: everybody[name] - people[name] for name in HITS},
    }


def _broadcasts(world: World, root_id: str) -> Iterator[str]:
    """Of the family, whose root is what is broadcast: the newest first, at most MAX_BROADCASTS of them."""
    found = every(partial(world.broadcasts.of_email, root_id))
    return (each.id for each in islice(found, MAX_BROADCASTS))


def _summed(sendings: Sequence[_Sending], counters: Counters) -> dict[str, Any]:
    return {
        "planned": sum(each.mine.planned for each in sendings),
        "sent": sum(each.mine.sent for each in sendings) + counters.get(SENT, 0),
        "failed": sum(each.mine.failed for each in sendings) + counters.get(FAILED, 0),
        "skipped": _added(each.skipped for each in sendings),
        "in_doubt": sum(each.mine.in_doubt for each in sendings),
        "held": sum(each.mine.held for each in sendings),
    }


def _added(counts: Iterable[Counters]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for each in counts:
        sums.update(each)
    return dict(sums)


def _links(world: World, email: Email, counters: Counters) -> Rows:
    """Every link of the published revision, and those of earlier ones that were clicked. One that stayed in its
    place is one row: a message is of one revision, so uniques may be added.
    """
    rows: dict[tuple[int, str, str], dict[str, Any]] = {}
    clicked = {place for name in counters if (place := _place(name))}
    tables = {revision: _table(world, email, revision) for revision in {n for _, n in clicked} - {0}}
    newest = _table(world, email, email.revision)
    for link, revision in sorted({*clicked, *((n, email.revision) for n in range(len(newest)))}):
        table = tables.get(revision, newest)
        url, part = table[link] if link < len(table) else ("", "")
        if part == HIDDEN:
            continue
        blank = {"n": link, "url": url, "part": part, "unique": 0, "total": 0, HUMAN: {"unique": 0, "total": 0}}
        row = rows.setdefault((link, url, part), blank)
        key = f"{link}@{revision}" if revision else f"{link}"
        for counts, label in ((row, ""), (row[HUMAN], f"{HUMAN}_")):
            counts["unique"] += counters.get(f"{label}clicked#{key}", 0)
            counts["total"] += counters.get(f"{label}clicked{TOTAL}#{key}", 0)
    return list(rows.values())


def _table(world: World, email: Email, number: int) -> list[tuple[str, str]]:
    """Of each link of a revision its URL (as it was written, where it carries a recipient's values) and its part: the
    HTML's are numbered first, and one of them nobody sees.
    """
    revision = world.revisions.read(email.id, number) if number else None
    if revision is None:
        return []
    first, written = html_links(revision), written_targets(revision)
    return [
        (url or written.get(n, ""), HIDDEN if n == revision.decoy else "html" if n < first else "text")
        for n, url in enumerate(revision.links)
    ]


def _place(name: str) -> tuple[int, int] | None:
    """Link and revision (0: not told) of a link's counter; None for all other counters."""
    found = LINK.fullmatch(name)
    return (int(found["link"]), int(found["revision"] or 0)) if found else None


def _hours(counters: Counters) -> Rows:
    rows: dict[str, dict[str, Any]] = {}
    for name, number in counters.items():
        found = WHEN.fullmatch(name)
        if found and found["hour"]:
            hour = found["day"] + found["hour"]
            rows.setdefault(hour, {"hour": hour})[found["counts"]] = number
    return [rows[hour] for hour in sorted(rows)]


def _days(counters: Counters, sent: Counters) -> Rows:
    """Hits are the sum of their hours."""
    rows: dict[str, dict[str, Any]] = {day: {"day": day, SENT: number} for day, number in sent.items()}
    for name, number in counters.items():
        found = WHEN.fullmatch(name)
        if found:
            row = rows.setdefault(found["day"], {"day": found["day"]})
            row[found["counts"]] = row.get(found["counts"], 0) + number
    return [rows[day] for day in sorted(rows)]
