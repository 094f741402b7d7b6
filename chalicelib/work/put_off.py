"""Who of the pending would not get their letter at once, if it began now: over a frequency cap, or in quiet hours.

As a call sifts them (`sieve.py`), but for what only a broadcast that is under way can know: nobody's turn is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.quiet_hours import quiet_until
from chalicelib.model.workspace import Workspace
from chalicelib.model.zones import zone_of_contact
from chalicelib.work import capping
from chalicelib.work.world import World


def counted(world: World, email: Email, workspace: Workspace, contacts: Sequence[Contact]) -> Mapping[str, int]:
    """By reason (a name of `chunk.SKIPS`). Beyond the contacts it reads what `capping.over` does."""
    now, hours = world.now(), workspace.quiet_hours
    asleep = {
        each.id
        for each in contacts
        if hours is not None and quiet_until(hours, now, zone_of_contact(each, workspace.zone))
    }
    awake = [each for each in contacts if each.id not in asleep]
    over = capping.over(world, email.family, email.category, workspace, awake, now)
    return Counter(quiet_hours=len(asleep), over_cap=len(over))
