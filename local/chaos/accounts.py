"""What came of a broadcast under chaos, recipient by recipient, asked of both ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.work.tending import PROVED

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Numbers of recipients. `accepted` got a copy by the provider's own word; `settled` were in doubt until evidence
    came; `lost` got a copy and count neither as sent nor as held, `invented` count as sent and have none.
    `killed` are workers, `spoilt` calls that were made to go wrong; `seconds` until the last doubt was settled.
    """

    transport: str
    planned: int
    accepted: int
    sent: int
    refused: int
    skipped: int
    settled: int
    held: int
    duplicates: int
    unaccounted: int
    lost: int
    invented: int
    killed: int = 0
    spoilt: int = 0
    seconds: int = 0

    @property
    def holds(self) -> bool:
        return not (self.duplicates or self.unaccounted or self.lost or self.invented)


COLUMNS = (
    "transport",
    "planned",
    "accepted",
    "sent",
    "refused",
    "skipped",
    "settled",
    "held",
    "duplicates",
    "unaccounted",
    "lost",
    "invented",
    "killed",
    "spoilt",
    "seconds",
)


def account(
    transport: str, broadcast: Json, recipients: Iterable[Json], copies: Mapping[str, int], audience: int
) -> Account:
    """`audience` is how many contacts there are, `copies` what the provider accepted, by address."""
    by_fate: dict[str, set[str]] = {}
    settled, seen = 0, 0
    for each in recipients:
        seen += 1
        by_fate.setdefault(each["fate"], set()).add((each["address"] or each["contact_id"]).lower())
        settled += each["reason"] == PROVED
    counted = Counter({fate: len(some) for fate, some in by_fate.items()})
    final = ("sent", "failed", "skipped", "held", "cancelled")
    sent, held = by_fate.get("sent", set()), by_fate.get("held", set())
    return Account(
        transport,
        broadcast["planned"],
        len(copies),
        counted["sent"],
        counted["failed"],
        counted["skipped"],
        settled,
        counted["held"],
        sum(number - 1 for number in copies.values()),
        max(audience, seen, broadcast["planned"]) - sum(counted[fate] for fate in final),
        len(copies.keys() - sent - held),
        len(sent - copies.keys()),
    )


def table(accounts: Iterable[Account]) -> list[str]:
    rows = [COLUMNS, *(tuple(str(getattr(each, name)) for name in COLUMNS) for each in accounts)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
