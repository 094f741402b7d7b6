"""Why a contact is in a segment, or is not."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.explaining import Reason, explained
from chalicelib.model.filter import parsed
from chalicelib.work import contacts, following, judging, segments
from chalicelib.work.world import World


@dataclass(frozen=True, slots=True)
class Explanation:
    """`belongs` as judged now, `kept` as the members' rows say (None: they are not complete yet). `by_hand` is whether
    somebody decided it (None: nobody did); `reason` is what the filter says, None for a list.
    """

    belongs: bool
    kept: bool | None
    by_hand: bool | None
    reason: Reason | None


def why(world: World, segment_id: str, who: str) -> Explanation:
    """Raises NotFound for the segment or the contact."""
    segment, contact = segments.read(world, segment_id), contacts.read(world, who)
    belongs = following.judge(world, segment)(contact)
    if segment.filter is None:
        return Explanation(belongs, belongs, by_hand=belongs, reason=None)
    by_hand = {segment.id in contact.lists: True, segment.id in contact.barred: False}.get(True)
    standing = world.memberships.standing({segment.roster: [contact.id]}) if segment.is_kept else None
    tree = parsed(segment.filter)
    reason = explained(tree, contact, judging.setting(world, [tree]))
    return Explanation(belongs, None if standing is None else bool(standing), by_hand, reason)
