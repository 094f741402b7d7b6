"""Reading the provider's own suppression list into ours: what it stopped sending to, we do not send either.

The other direction is at the moment of suppressing, when the address is at hand (`suppressing.py`): what we keep are
hashes. An entry that somebody takes off the provider's list there stays on ours: the list says only what stands on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.model.suppression import Suppression, overrides
from chalicelib.model.suppression_sync import SES, Listed, SuppressionSync
from chalicelib.work.suppressing import suppress
from chalicelib.work.world import World

EVERY_MS = 3_600_000
# The clocks of two houses, and entries that come to the list a moment late.
OVERLAP_MS = 3_600_000
# A round that failed is tried again then, from its start.
PATIENCE_MS = 600_000
RESERVE_MS = 15_000


def sync(world: World) -> None:
    """One round an hour at most; a round that stopped for want of time goes on at the next call. Of two callers at
    once one does nothing. Whatever is read twice changes nothing.
    """
    before = world.suppression_syncs.read(SES)
    job = _begun(world, before or SuppressionSync())
    if job is None or not _stored(world, job, before):
        return
    token = before.token if before and job.began_at == before.began_at else ""
    while True:
        page = world.account_list.listed(job.since, token)
        _take(world, page.entries)
        token = page.token
        if not token or world.time_left() < RESERVE_MS:
            break
    ended = replace(job, token=token, not_before=0, version=job.version + 1)
    _stored(world, ended, job)


def _begun(world: World, job: SuppressionSync) -> SuppressionSync | None:
    """The round to work on now; None where none is due. While it is worked on it has no token: after a crash the round
    begins anew.
    """
    now = world.now()
    if job.not_before > now:
        return None
    held = replace(job, token="", not_before=now + PATIENCE_MS, version=job.version + 1)
    if job.token:
        return held
    if job.not_before:
        return replace(held, began_at=now)
    if job.began_at and now - job.began_at < EVERY_MS:
        return None
    return replace(held, since=max(0, job.began_at - OVERLAP_MS), began_at=now)


def _stored(world: World, job: SuppressionSync, before: SuppressionSync | None) -> bool:
    shelf = world.suppression_syncs
    return shelf.create(job) if before is None else shelf.update(job, before.version)


def _take(world: World, entries: Sequence[Listed]) -> None:
    hashes = {world.signer.hashed("address", each.address.strip().lower()): each for each in entries}
    standing = world.suppressions.read_many(list(hashes))
    for hashed, each in hashes.items():
        stands = standing.get(hashed)
        if stands is None or overrides(each.reason, stands.reason):
            suppress(world, Suppression(hashed, each.reason, SES, each.at))
