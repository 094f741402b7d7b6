"""How an e-mail's counters lie in the table `counters`, and how many may be added to in one transaction.

A row costs a write unit for each kilobyte that it has, however little is added, and each row that is added to costs
one at least. So a day has its own row, its hours and all else that changes with them, fifty links have theirs, and so
have a few cohorts; of each there are eight shards, lest writers wait for each other. Where a counter lies says nothing:
the sum over all rows counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from chalicelib.model.counters import COHORT, Change
from chalicelib.store.row import RangeRow, name

SHARDS = 8
# A transaction holds 100 actions, an expression 4 KB: about ten bytes for each name in it.
ACTIONS = 100
NAMES = 250
LINKS = 50
# Among so many rows the cohorts are spread: two segments and twenty domains are about a kilobyte in each.
COHORT_ROWS = 16

_COHORT = re.compile(rf"{COHORT}#([^#]*#[^#]*)#")
_LINK = re.compile(r"#(\d+)(?:@\d+)?")
_DAY = re.compile(r"#(\d{4}-\d\d-\d\d)(?:T\d\d)?")


class CounterRow(RangeRow):
    """pk: workspace#e-mail id; sk: a shard (0 to 7), and `#` and what the row is about. Beside them a number under each
    counter's name.
    """


# What is added to counters, by e-mail and row.
Rows = Mapping[tuple[str, str], Mapping[str, int]]


@dataclass(slots=True)
class Packet:
    """The changes of one transaction, and what they add, by e-mail and row."""

    changes: list[Change] = field(default_factory=list)
    rows: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def takes(self, change: Change) -> bool:
        """Adds it where it fits; the first always does."""
        rows = _placed(change)
        if self.changes and not self._fits(rows):
            return False
        self.changes.append(change)
        for place, names in rows.items():
            row = self.rows.setdefault(place, {})
            for counter, added in names.items():
                row[counter] = row.get(counter, 0) + added
        return True

    def _fits(self, rows: Rows) -> bool:
        if len(self.changes) + 1 + len(self.rows) + sum(place not in self.rows for place in rows) > ACTIONS:
            return False
        return all(_together(self.rows.get(place, {}), names) <= NAMES for place, names in rows.items())


def packed(changes: Iterable[Change]) -> list[Packet]:
    packets: list[Packet] = []
    for change in changes:
        if not packets or not packets[-1].takes(change):
            packets.append(Packet())
            packets[-1].takes(change)
    return packets


def counter_place(workspace: str, email: str) -> str:
    return name(workspace, email)


def _together(one: Mapping[str, int], other: Mapping[str, int]) -> int:
    return len(one) + sum(counter not in one for counter in other)


def _placed(change: Change) -> Rows:
    """By e-mail and row. What one message changes in more rows than a transaction holds goes to rows of the rest."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for email, counts in change.counts.items():
        days = [day[1] for counter in counts if not _COHORT.match(counter) and (day := _DAY.search(counter))]
        for counter, number in counts.items():
            rows.setdefault((email, _row(counter, min(days, default=""))), {})[counter] = number
    fits = len(rows) < ACTIONS and all(len(names) <= NAMES for names in rows.values())
    return rows if fits else _rest(change)


def _rest(change: Change) -> Rows:
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for email, counts in change.counts.items():
        for place, (counter, number) in enumerate(sorted(counts.items())):
            rows.setdefault((email, f"rest{place // NAMES}"), {})[counter] = number
    return rows


def _row(counter: str, otherwise: str) -> str:
    """What of an e-mail's rows a counter lies in: its day's, its link's, or else the one named."""
    if cohort := _COHORT.match(counter):
        return f"cohorts{crc32(cohort[1].encode()) % COHORT_ROWS}"
    if day := _DAY.search(counter):
        return day[1]
    link = _LINK.search(counter)
    return f"links{int(link[1]) // LINKS}" if link else otherwise
