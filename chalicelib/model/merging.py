"""Two contacts that are one person: what the one that stays has afterwards, and the job that gets there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.model.contact import MAX_FIELDS, MAX_FORMER, Contact, Former, Value
from chalicelib.model.errors import Fault
from chalicelib.model.fields import merged
from chalicelib.model.preference import Preferences
from chalicelib.model.suppression import Reason
from chalicelib.model.tagging import MAX_POINTS, MAX_TAGS

# How many contacts one may have taken over.
MAX_ABSORBED = 50
# What goes along from the other's address: what the person said of mail, and what the team did. A bounce is the
# mailbox's own.
CARRIED: frozenset[Reason] = frozenset({"unsubscribed", "complained", "suppressed", "imported"})

State = Literal["waiting", "running", "settling", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class Merge:
    """`id` is the contact's that goes: it is merged once. `into` is the one that stays, `by` who asked for it.

    It settles until `settles_at` (epoch ms) where calls to the one that goes may be under way: what comes of them is
    copied then, and until then the one that stays is sent no segment e-mail. `copied` are messages.
    """

    id: str
    into: str
    by: str = ""
    state: State = "waiting"
    settles_at: int = 0
    copied: int = 0
    reason: str | None = None
    version: int = 1
    created_at: int = 0
    finished_at: int | None = None


def combined(stays: Contact, goes: Contact, goes_hash: str, now: int) -> Contact:
    """The one that stays, with what it takes over; itself where it did so before. Lists are joined one by one.

    Its own values stand, the other's fill what is empty; points are added, tags joined. A no of either is a no of the
    person: consent and tracking need both, categories left are left, the smaller cap and the longer pause hold.
    """
    if goes.id in stays.absorbed:
        return stays
    former = (Former(goes_hash, now), *stays.former, *goes.former)
    return replace(
        stays,
        fields=_fields(stays.fields, goes.fields),
        consent=stays.consent and goes.consent,
        tracking=stays.tracking and goes.tracking,
        preferences=_preferences(stays.preferences, goes.preferences),
        owner_id=stays.owner_id or goes.owner_id,
        company_id=stays.company_id or goes.company_id,
        tags=frozenset([*sorted(stays.tags), *sorted(goes.tags - stays.tags)][:MAX_TAGS]),
        points=max(-MAX_POINTS, min(MAX_POINTS, stays.points + goes.points)),
        stage=stays.stage or goes.stage,
        created_at=min(stays.created_at, goes.created_at),
        former=tuple(sorted(former, key=lambda each: -each.until)[:MAX_FORMER]),
        absorbed=(*stays.absorbed, goes.id, *goes.absorbed),
        settling=stays.settling | {goes.id},
    )


def _fields(own: Mapping[str, Value], others: Mapping[str, Value]) -> Mapping[str, Value]:
    """One's own, and as many of the other's as there is room for."""
    after = dict(own)
    for alias in sorted(others):
        if own.get(alias) in (None, "", ()) and len(after) < MAX_FIELDS:
            try:
                after = merged(after, {alias: others[alias]})
            except Fault:  # too large together: the other's row keeps it
                continue
    return after


def _preferences(own: Preferences, others: Preferences) -> Preferences:
    caps = [each for each in (own.most_per_week, others.most_per_week) if each]
    return replace(
        own,
        left=own.left | others.left,
        most_per_week=min(caps, default=0),
        paused_until=max(own.paused_until, others.paused_until),
    )
