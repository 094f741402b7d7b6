"""What an address has behind it, beside the suppression that stands: its soft bounces, and what was lifted from it.

Kept by the keyed hash of the address, and so after its contact has been erased too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.model.suppression import Reason, Suppression

DAY_MS = 86_400_000
MAX_SOFT, MAX_LIFTED = 60, 20


@dataclass(frozen=True, slots=True)
class SoftBounce:
    """`mail` names the one mail that came back, however often and by whatever road that was told.
    Epoch milliseconds.
    """

    at: int
    mail: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """A suppression that somebody took away at `at`."""

    reason: Reason
    source: str
    since: int
    at: int


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """`soft` is in the order of time, the newest of them; `lifted` the newest first. `version` 0: nothing is stored."""

    address_hash: str
    soft: tuple[SoftBounce, ...] = ()
    lifted: tuple[Lifted, ...] = ()
    version: int = 0

    @property
    def lifted_at(self) -> int:
        """What is older than this was forgiven."""
        return max((each.at for each in self.lifted), default=0)


def with_soft_bounce(record: AddressRecord, bounce: SoftBounce) -> AddressRecord:
    """A set: in whatever order and how often bounces are told, the same record comes out. Of one mail the earliest."""
    earliest = {each.mail: each.at for each in record.soft}
    earliest[bounce.mail] = min(bounce.at, earliest.get(bounce.mail, bounce.at))
    kept = sorted((SoftBounce(at, mail) for mail, at in earliest.items()), key=_place)[-MAX_SOFT:]
    after = replace(record, soft=tuple(kept))
    return record if after == record else replace(after, version=record.version + 1)


def with_lifted(record: AddressRecord, suppressions: Sequence[Suppression], at: int) -> AddressRecord:
    news = tuple(Lifted(each.reason, each.source, each.at, at) for each in suppressions)
    return replace(record, lifted=(*news, *record.lifted)[:MAX_LIFTED], version=record.version + 1)


def run_of_bounces(record: AddressRecord, most: int, days: int, after: int = 0) -> tuple[SoftBounce, ...]:
    """The first `most` soft bounces within `days`, all behind `after` and the last lifting; () for none."""
    since = max(after, record.lifted_at)
    counted = [each for each in record.soft if each.at > since]
    for first in range(len(counted) - most + 1):
        run = counted[first : first + most]
        if run[-1].at - run[0].at <= days * DAY_MS:
            return tuple(run)
    return ()


def recent_bounces(record: AddressRecord, now: int, days: int) -> int:
    """How many count now."""
    since = max(now - days * DAY_MS, record.lifted_at)
    return sum(1 for each in record.soft if each.at > since)


def _place(bounce: SoftBounce) -> tuple[int, str]:
    return bounce.at, bounce.mail
