"""A family: an e-mail with its translations and A/B variants, and which of them a contact gets.

The choice is a pure function of contact and family: a call that is repeated, a worker that died, a second walk all
choose the same. A variant is drawn by a hash of both; the language by the contact's own (Mautic's order: exactly the
preferred locale, then the same language, then the parent).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.model.contact import Contact

MAX_MEMBERS = 30
PERCENT = 100
LOCALE = "preferred_locale"

# The letters by which a chunk remembers who got which member.
CHOICES = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Member:
    """An e-mail of the family as a broadcast sends it. `variant` is the id of the variant that it is, or translates
    (the root's for the root); `weight` is that variant's percentage, the root's being what is left.
    """

    email: str
    revision: int
    variant: str
    language: str = ""
    weight: int = 0


def variants(members: Sequence[Member]) -> dict[str, int]:
    """The weights by variant, in the order of the members; the first is the root, and takes what is left of 100."""
    weights = {each.variant: each.weight for each in members if each.email == each.variant}
    root = members[0].variant
    return {root: PERCENT - sum(weight for variant, weight in weights.items() if variant != root)} | {
        variant: weight for variant, weight in weights.items() if variant != root
    }


def is_tested(family: str, contact_id: str, share: int) -> bool:
    """Whether this contact is among the `share` percent that an A/B test is made with."""
    return _point(family, "test", contact_id) < share


def choice(members: Sequence[Member], family: str, contact: Contact, winner: str = "") -> int:
    """Which member this contact gets: the variant by weight (or the winner of the test), then its translation."""
    variant = winner or _drawn(variants(members), _point(family, "variant", contact.id))
    return _translated(members, variant, contact)


def _drawn(weights: Mapping[str, int], point: float) -> str:
    for variant, weight in weights.items():
        if point < weight:
            return variant
        point -= weight
    return next(iter(weights))


def _translated(members: Sequence[Member], variant: str, contact: Contact) -> int:
    mine = {n: tag(member.language) for n, member in enumerate(members) if member.variant == variant}
    parent = next(n for n in mine if members[n].email == variant)
    wanted = tag(str(contact.fields.get(LOCALE) or ""))
    ordered = [parent, *(n for n in mine if n != parent)]
    exact = (n for n in ordered if wanted and mine[n] == wanted)
    alike = (n for n in ordered if wanted and _language(mine[n]) == _language(wanted))
    return next(exact, next(alike, parent))


def tag(language: str) -> str:
    """`fr_CH`, `fr-ch` and `FR-CH` are one locale."""
    return language.strip().replace("_", "-").lower()


def _language(tag: str) -> str:
    return tag.partition("-")[0]


def _point(family: str, purpose: str, contact_id: str) -> float:
    """0 <= point < 100, the same for ever for this family, purpose and contact."""
    digest = hashlib.sha256(f"{family} {purpose} {contact_id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") * PERCENT / (1 << 48)
