"""What an e-mail looks like, to be looked at beside its figures: without ways out, and with its clicks if wanted."""

from __future__ import annotations

from chalicelib.compose.heat import without_ways
from chalicelib.work import emails, previewing, stats
from chalicelib.work.world import World


def shown(world: World, email_id: str, *, clicks: bool) -> str:
    """The published letter as nobody in particular gets it, the draft where none is published. Raises as previews do.

    Clicks are those of people, each message once, on the published revision's links.
    """
    email = emails.read(world, email_id)
    standing = world.revisions.read(email.id, email.revision) if email.revision else None
    revision = standing or emails.compiled_draft(world, email, tracked=False).revision
    page = previewing.as_nobody(world, revision)
    rows = stats.links(world, email) if clicks and standing else []
    return without_ways(page, {row["n"]: row["human"]["unique"] for row in rows} if clicks and standing else None)
