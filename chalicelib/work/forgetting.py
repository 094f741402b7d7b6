"""Forgetting a person who asks for it: the erasure that a team can ask for too, begun by the person's own word."""

from __future__ import annotations

from chalicelib.work import erasing
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World


def forget(world: World, contact_id: str, source: str) -> bool:
    """Erases the person; False where they were gone already. `source` names the message whose link was followed.

    It is done before the answer as far as the time goes; the job goes on with what is left, and sweeps.
    """
    contact = survivor(world, contact_id)
    if contact is None:
        return False
    erasing.run(world, erasing.begin(world, contact, source).id)
    return True
