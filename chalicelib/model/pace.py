"""How fast a broadcast goes now, measured between two looks at it: an average since its start would count pauses too.

Nothing is stored: a page that watches carries its earlier looks in the address that it asks again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SECOND_MS = 1_000
# Calls settle by the handful: what is measured over less than this jumps.
LEAST_MS = 3_000
# Measured over this and up to twice as much.
WINDOW_MS = 15_000
# A page that slept begins anew.
STALE_MS = 60_000
FORM = re.compile(r"([0-9]{1,15})-([0-9]{1,12})-([0-9]{1,15})-([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Look:
    """How many recipients were settled `at` (epoch milliseconds)."""

    at: int
    settled: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Recipients a second, and how many seconds the rest takes at that; None where nobody knows. `looks` is what to ask
    the next time with.
    """

    rate: float | None
    left: float | None
    looks: str


STILL = Pace(None, None, "")


def measured(settled: int, rest: int, now: int, looks: str) -> Pace:
    """`rest` are those who wait for nothing but their turn; `looks` are those of the Pace before, if there was one."""
    since, last = _earlier(looks, Look(now, settled))
    passed = now - since.at
    rate = (settled - since.settled) * SECOND_MS / passed if passed >= LEAST_MS else None
    if now - last.at >= WINDOW_MS:
        since, last = last, Look(now, settled)
    kept = f"{since.at}-{since.settled}-{last.at}-{last.settled}"
    return Pace(rate, rest / rate if rate and rest else None, kept)


def _earlier(looks: str, here: Look) -> tuple[Look, Look]:
    """The look that is measured from, and the one that will be; both this one where there are none to go on from."""
    found = FORM.fullmatch(looks)
    if found is None:
        return here, here
    numbers = [int(each) for each in found.groups()]
    since, last = Look(*numbers[:2]), Look(*numbers[2:])
    in_order = since.at <= last.at <= here.at and since.settled <= last.settled <= here.settled
    return (since, last) if in_order and here.at - last.at < STALE_MS else (here, here)
