"""Converting a workbook, or a file of wide characters, into one that can be read on from any line.

It is done in one go and put as one object: a worker that is killed in the middle leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from chalicelib.model.errors import TooLarge
from chalicelib.model.importing import Import
from chalicelib.work.import_source import converted, needs_conversion
from chalicelib.work.world import World

CONVERTED = "converted/"
RESERVE_MS = 15_000


def is_due(job: Import) -> bool:
    return needs_conversion(job.format, job.encoding) and not job.converted


def convert(world: World, job: Import) -> Import:
    """The job on the converted file. TooLarge where the time does not suffice."""
    name = f"{CONVERTED}{job.id}"
    parts = converted(partial(world.files.read, job.file), job.size, job.format, job.encoding, job.sheet)
    size = world.files.write(name, _in_time(world, parts), "application/octet-stream")
    return replace(job, file=name, size=size, converted=True)


def _in_time(world: World, parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        if world.time_left() < RESERVE_MS:
            raise TooLarge("The file takes too long to convert.", field="file", hint="Save it as CSV in UTF-8.")
        yield part
