"""What came of an e-mail: its sends from the broadcasts' own sums, all else from the counters of the facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.compose.tracked import html_links
from chalicelib.model.broadcast import Tally
from chalicelib.model.counters import TOTAL
from chalicelib.model.email import Email
from chalicelib.model.errors import NotFound
from chalicelib.model.fact import EFFECTS
from chalicelib.work.broadcasting import progress
from chalicelib.work.world import World

PAGE = 100
MAX_BROADCASTS = 1_000

# Template e-mails have no chunks to sum: their ends are counted with the fact of each (`work/single_call.py`).
SENT, FAILED = "sent", "failed"

ONCE = tuple(effect.counts for effect in EFFECTS.values() if effect.counts and not effect.again)
AGAIN = tuple(effect.counts for effect in EFFECTS.values() if effect.counts and effect.again)

LINK = re.compile(r"clicked_total#(?P<link>\d+)(?:@(?P<revision>\d+))?")
DAY = re.compile(rf"(?P<counts>\w+?)(?:{TOTAL})?#(?P<day>\d{{4}}-\d\d-\d\d)")

Counters = Mapping[str, int]


def of_email(world: World, email_id: str) -> dict[str, Any]:
    """Sums over all broadcasts and template sendings of this e-mail, and what came back about them.

    {"email", "planned", "sent", "failed", "skipped": {reason: n}, "in_doubt", "held", "delivered", "bounced", ...,
    "opened": {"unique", "total"}, "clicked": {"unique", "total"}, "links": [{"n", "url", "part", "unique", "total"}],
    "days": [{"day", "delivered", "opened", ...}]}. `planned` and `skipped` are of broadcasts alone. Days are UTC;
    in them opens and clicks are hits, not people. `part` is "html" or "text", where the link stands; it and `url` are
    "" for a link that no revision has. Raises NotFound.
    """
    email = world.emails.read(email_id)
    if email is None:
        raise NotFound(f"There is no e-mail {email_id!r}.", field="id")
    counters = world.facts.counters(email_id)
    return {
        "email": email_id,
        **_sending([progress(world, each).tally for each in _broadcasts(world, email_id)], counters),
        **{name: counters.get(name, 0) for name in ONCE},
        **{name: {"unique": counters.get(name, 0), "total": counters.get(name + TOTAL, 0)} for name in AGAIN},
        "links": _links(world, email, counters),
        "days": _days(counters),
    }


def _broadcasts(world: World, email_id: str) -> Iterator[str]:
    """The newest first, at most MAX_BROADCASTS of them."""
    cursor: str | None = None
    for _ in range(MAX_BROADCASTS // PAGE):
        found, cursor = world.broadcasts.of_email(email_id, PAGE, cursor)
        yield from (each.id for each in found)
        if cursor is None:
            return


def _sending(tallies: Sequence[Tally], counters: Counters) -> dict[str, Any]:
    skipped: Counter[str] = Counter()
    for tally in tallies:
        skipped.update(tally.skipped)
    return {
        "planned": sum(tally.planned for tally in tallies),
        "sent": sum(tally.sent for tally in tallies) + counters.get(SENT, 0),
        "failed": sum(tally.failed for tally in tallies) + counters.get(FAILED, 0),
        "skipped": dict(skipped),
        "in_doubt": sum(tally.in_doubt for tally in tallies),
        "held": sum(tally.held for tally in tallies),
    }


def _links(world: World, email: Email, counters: Counters) -> list[dict[str, Any]]:
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
        row = rows.setdefault((link, url, part), {"n": link, "url": url, "part": part, "unique": 0, "total": 0})
        key = f"{link}@{revision}" if revision else f"{link}"
        row["unique"] += counters.get(f"clicked#{key}", 0)
        row["total"] += counters.get(f"clicked{TOTAL}#{key}", 0)
    return list(rows.values())


def _table(world: World, email: Email, number: int) -> list[tuple[str, str]]:
    """Of each link of a revision its URL and its part: the HTML's are numbered first."""
    revision = world.revisions.read(email.id, number) if number else None
    if revision is None:
        return []
    first = html_links(revision)
    return [(url, "html" if n < first else "text") for n, url in enumerate(revision.links)]


def _place(name: str) -> tuple[int, int] | None:
    """Link and revision (0: not told) of a link's counter; None for all other counters."""
    found = LINK.fullmatch(name)
    return (int(found["link"]), int(found["revision"] or 0)) if found else None


def _days(counters: Counters) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for name, number in counters.items():
        found = DAY.fullmatch(name)
        if found:
            rows.setdefault(found["day"], {"day": found["day"]})[found["counts"]] = number
    return [rows[day] for day in sorted(rows)]
