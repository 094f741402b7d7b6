"""Whose figures are told apart: by the segment through which somebody was in the audience, and by the mailbox's domain.

A domain has figures of its own where it is one of a broadcast's biggest, or a mailbox provider that everybody knows;
all others are one. So their number is bounded, and none of them says anything of one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Of a broadcast's domains, those that have figures of their own: the biggest, with so many recipients at least.
NAMED, FEWEST = 20, 5
# Domains that are counted at once (Misra and Gries): each that more than one recipient in so many has is found.
COUNTED = 200
# All others together: no domain is called that, for want of a dot.
OTHER = "other"
# Named always: whoever sends without a pre-flight knows no other sizes. Another would come at the end: chunks of
# broadcasts that are under way name them by their place.
PROVIDERS = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "hotmail.fr",
    "yahoo.fr",
    "proton.me",
)
_KNOWN = frozenset(PROVIDERS)


@dataclass(frozen=True, slots=True)
class Cohort:
    """`segment` is the id of the first chosen segment that somebody belongs to, "" where the audience came from none.
    `domain` is a domain that has figures of its own, or OTHER; "" where nobody knows.
    """

    segment: str = ""
    domain: str = ""


# Of messages that say nothing about it.
UNKNOWN = Cohort()


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def named(domain: str, biggest: Sequence[str]) -> str:
    """The domain where it has figures of its own, else OTHER."""
    return domain if domain in _KNOWN or domain in biggest else OTHER


def places(biggest: Sequence[str]) -> tuple[str, ...]:
    """All domains of a broadcast that have figures of their own, in an order that stays; OTHER is the first."""
    return (OTHER, *biggest, *(each for each in PROVIDERS if each not in biggest))


def tallied(counts: Mapping[str, int], domains: Iterable[str]) -> dict[str, int]:
    """The counts with these recipients' domains, COUNTED of them at most: never more than there are, and short by one
    recipient in COUNTED at most.
    """
    after = dict(counts)
    for each in domains:
        if each in after or len(after) < COUNTED:
            after[each] = after.get(each, 0) + 1
        else:
            after = {domain: number - 1 for domain, number in after.items() if number > 1}
    return after


def biggest(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Those that have figures of their own, the biggest first."""
    ordered = sorted(counts, key=lambda domain: (-counts[domain], domain))
    return tuple(each for each in ordered if counts[each] >= FEWEST)[:NAMED]
