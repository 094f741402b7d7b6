"""A circuit breaker: when a transport is given nothing for a while, and how it comes back.

closed: it is used. open: it is not, until `shut`. half open: one call tries it, and nobody else until that is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

State = Literal["closed", "open", "half_open"]
Move = Literal["trip", "probe", "mend", "reopen"]

MOVES: Mapping[Move, Mapping[State, State]] = MappingProxyType(
    {
        "trip": {"closed": "open", "half_open": "open"},
        # a probe whose worker died is followed by another
        "probe": {"open": "half_open", "half_open": "half_open"},
        "mend": {"half_open": "closed", "open": "closed"},
        # somebody has mended it: it is tried at once
        "reopen": {"open": "open", "half_open": "open"},
    }
)

# How long it stays open the first time, doubled each time after, and at the most. Milliseconds.
FIRST_MS, LONGEST_MS = 30_000, 15 * 60_000
# How long a probe may take, its call's time-out included.
PROBE_MS = 60_000
# Whoever has been closed for so long begins again at FIRST_MS.
CALM_MS = 10 * 60_000
# It trips at so many failed calls in a row, or at this part of a minute's calls where so many have failed.
MOST_IN_A_ROW = 5
LEAST_FAILED, MOST_FAILING = 10, 0.5


@dataclass(frozen=True, slots=True)
class Breaker:
    """`since` and `shut` are epoch milliseconds; `trips` counts those in a row. `halted` says that a person must act,
    and `reason` what happened.
    """

    state: State = "closed"
    since: int = 0
    shut: int = 0
    trips: int = 0
    reason: str = ""
    halted: bool = False

    def is_shut(self, now: int) -> bool:
        return self.state != "closed" and now < self.shut


def tripped(breaker: Breaker, now: int, reason: str, *, halted: bool) -> Breaker | None:
    """None where it is open already: what was under way then tells nothing new."""
    if breaker.state not in MOVES["trip"]:
        return None
    calm = breaker.state == "closed" and now - breaker.since > CALM_MS
    trips = 0 if calm else breaker.trips
    shut = now + min(LONGEST_MS, FIRST_MS << min(trips, 10))
    return Breaker(MOVES["trip"][breaker.state], now, shut, trips + 1, reason, halted)


def probing(breaker: Breaker, now: int) -> Breaker:
    return replace(breaker, state=MOVES["probe"][breaker.state], since=now, shut=now + PROBE_MS)


def mended(breaker: Breaker, now: int) -> Breaker | None:
    """None where it is closed already."""
    if breaker.state not in MOVES["mend"]:
        return None
    return Breaker(MOVES["mend"][breaker.state], now, trips=breaker.trips)


def reopened(breaker: Breaker, now: int) -> Breaker | None:
    """Open no longer than until now; None where it is closed."""
    if breaker.state not in MOVES["reopen"]:
        return None
    return replace(breaker, state=MOVES["reopen"][breaker.state], shut=now)


def is_failing(in_a_row: int, well: int, badly: int) -> bool:
    """Of calls: so many failed in a row, and in this minute."""
    return in_a_row >= MOST_IN_A_ROW or (badly >= LEAST_FAILED and badly >= MOST_FAILING * (well + badly))
