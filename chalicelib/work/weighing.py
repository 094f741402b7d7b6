"""Whether the transports take messages as large as a revision's: they may be others by now than at publish."""

from __future__ import annotations

from chalicelib.compose.message_size import check_message_size
from chalicelib.compose.revision import Revision
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.transport_setup import Use
from chalicelib.work import routing
from chalicelib.work.world import World


def check(world: World, broadcast: Broadcast) -> None:
    """Raises TooLarge where a member of the broadcast would be refused for every recipient."""
    for email, number in [(each.email, each.revision) for each in broadcast.members] or [
        (broadcast.email, broadcast.revision)
    ]:
        revision = world.revisions.read(email, number)
        if revision is not None:
            check_revision(world, revision, "broadcast")


def check_revision(world: World, revision: Revision, use: Use) -> None:
    """Raises TooLarge where a transport of this use takes no such message."""
    tightest = routing.tightest(world, use)
    if tightest is not None:
        check_message_size(revision, tightest.provider, tightest.largest)
