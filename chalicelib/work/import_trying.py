"""Trying an import: every line is judged as if it were taken, and nothing is written but the report.

It begins anew after a crash. Where the time does not suffice for the whole file, it says how many lines it tried.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from chalicelib.model.importing import Import
from chalicelib.work.import_lines import counted, take
from chalicelib.work.import_source import records_of
from chalicelib.work.world import World

STEP = 500
# Enough to write the report.
RESERVE_MS = 60_000


class _Seen:
    """The addresses so far, by their hashes as numbers: about a hundred megabytes for a million."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def __call__(self, address_hash: str) -> bool:
        number = int(address_hash, 32)
        known = number in self._known
        self._known.add(number)
        return known


def tried(world: World, job: Import) -> Import:
    """The job at its end."""
    offset, line = job.begins
    job = replace(job, offset=offset, line=line, created=0, updated=0, unchanged=0, skipped=0, rejected=0, recoded=0)
    source, seen = records_of(world, job), _Seen()
    while lines := list(islice(source, STEP)):
        taken = take(world, job, lines, seen)
        if taken.rejected:
            world.imports.add_rejected(job.id, taken.rejected)
        job = counted(job, lines, taken)
        if world.time_left() < RESERVE_MS:
            return _ended(world, replace(job, reason=f"Only the lines up to {job.line} were tried: the file is long."))
    return _ended(world, replace(job, offset=job.size))


def _ended(world: World, job: Import) -> Import:
    return replace(job, state="finished", lease_until=0, finished_at=world.now())
