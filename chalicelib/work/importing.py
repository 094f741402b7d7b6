"""Imports: a CSV file of contacts, as a job that may be stopped anywhere and goes on where it stood.

The row says how far the job is; a step takes some hundred lines, writes their contacts, list members and rejected
lines, and then commits the new place and the counts in one write, conditional on the row that it began from. All
that a step writes may be written again: each contact carries the line that wrote it (`model/importing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound, TooLarge
from chalicelib.model.ids import is_id
from chalicelib.model.importing import MAX_BODY, MAX_FILE, Import, Rejected
from chalicelib.work import suppression_import
from chalicelib.work.csv_file import Range, Record, records
from chalicelib.work.csv_header import header, mapped
from chalicelib.work.import_lines import Taken, take
from chalicelib.work.world import World

STEP = 500
RESERVE_MS = 15_000
UPLOAD_SECONDS = 3_600
UPLOADS, BODIES = "uploads/", "imports/"


@dataclass(frozen=True, slots=True)
class Upload:
    """Where to PUT a file (`url`, until `expires_at`), and the reference to start an import of it with."""

    file: str
    url: str
    expires_at: int


def upload(world: World) -> Upload:
    """For files larger than a request may be: up to MAX_FILE bytes."""
    name = f"{UPLOADS}{world.new_id()}.csv"
    return Upload(name, world.files.upload_url(name, UPLOAD_SECONDS), world.now() + UPLOAD_SECONDS * 1_000)


def start(
    world: World,
    source: bytes | str,
    segment: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Import:
    """Begins the import of a file (its bytes, at most MAX_BODY, or an upload's reference) and hints its job.

    `segment` is a static list that all its contacts join; `mapping` overrules what the header says (column ->
    alias, "address", or "" to leave it out). An empty cell leaves a contact's field as it is. Raises Invalid,
    TooLarge, NotFound and Conflict before anything is written but the file.
    """
    _accepts_members(world, segment)
    identifier = world.new_id()
    name = _uploaded(world, source) if isinstance(source, str) else _kept(world, identifier, source)
    found = header(partial(world.files.read, name))
    job = Import(
        identifier,
        name,
        segment=segment,
        columns=found.columns,
        mapping=mapped(found.columns, mapping),
        delimiter=found.delimiter,
        size=world.files.size(name) or 0,
        offset=found.offset,
        line=found.line,
        created_at=world.now(),
    )
    return _created(world, job)


def start_suppressions(world: World, source: bytes | str, reason: str) -> Import:
    """Begins the import of a list of addresses (or hashes) not to write to; `reason` is for lines that give none."""
    identifier, otherwise = world.new_id(), suppression_import.default_reason(reason)
    name = _uploaded(world, source) if isinstance(source, str) else _kept(world, identifier, source)
    size = world.files.size(name) or 0
    job = Import(identifier, name, size=size, created_at=world.now(), suppress=otherwise)
    return _created(world, suppression_import.described(world, job, name))


def _created(world: World, job: Import) -> Import:
    if not world.imports.create(job):
        raise Conflict(f"The id {job.id} is taken.", hint="Try again.")
    world.hints.run_import(job.id)
    return job


def read(world: World, import_id: str) -> Import:
    job = world.imports.read(import_id) if is_id(import_id) else None
    if job is None:
        raise NotFound(f"There is no import {import_id[:60]!r}.", field="id")
    return job


def rejected(world: World, import_id: str, limit: int, cursor: str | None) -> tuple[list[Rejected], str | None]:
    """The report: the lines that were not taken, in the order of the file."""
    return world.imports.rejected(read(world, import_id).id, limit, cursor)


def run(world: World, import_id: str, step: int = STEP) -> None:
    """Goes on with an import until it is done or the time is up, and then hints itself.

    `step` is how many records are written before the next commit. A job that is doubled finds the lease taken,
    or loses its next commit, and leaves.
    """
    job = world.imports.read(import_id)
    now = world.now()
    if job is None or job.state in ("finished", "failed") or job.lease_until > now:
        return
    running = _stored(world, replace(job, state="running", lease_until=now + world.timing.lease))
    try:
        _accepts_members(world, job.segment)
        _run(world, running, step)
    except Fault as fault:
        # the file or the list is gone: nothing that another try would mend
        _fail(world, import_id, fault)


def _run(world: World, job: Import | None, step: int) -> None:
    source = iter(()) if job is None else records(_reader(world, job), job.offset, job.line, job.delimiter)
    while job is not None and job.state == "running":
        if world.time_left() < RESERVE_MS:
            _stored(world, replace(job, lease_until=0))
            world.hints.run_import(job.id)
            return
        job = _step(world, job, list(islice(source, step)))


def _step(world: World, job: Import, lines: list[Record]) -> Import | None:
    """The job after these lines, or at its end where there are none; None where another has gone on from it."""
    if not lines:
        return _finished(world, job)
    taken = (suppression_import.take if job.suppress else take)(world, job, lines)
    if job.segment and taken.members:
        world.segments.add_members(job.segment, taken.members)
    if taken.rejected:
        world.imports.add_rejected(job.id, taken.rejected)
    return _stored(world, _counted(world, job, lines, taken))


def _counted(world: World, job: Import, lines: list[Record], taken: Taken) -> Import:
    return replace(
        job,
        offset=lines[-1].end,
        line=lines[-1].last,
        created=job.created + taken.kinds["created"],
        updated=job.updated + taken.kinds["updated"],
        unchanged=job.unchanged + taken.kinds["unchanged"],
        rejected=job.rejected + len({each.line for each in taken.rejected}),
        recoded=job.recoded + sum(line.recoded for line in lines),
        lease_until=world.now() + world.timing.lease,
    )


def _finished(world: World, job: Import) -> Import | None:
    if job.segment:
        world.segments.recount(job.segment)
    return _stored(world, replace(job, state="finished", offset=job.size, lease_until=0, finished_at=world.now()))


def _fail(world: World, import_id: str, fault: Fault) -> None:
    job = world.imports.read(import_id)
    if job is not None and job.state == "running":
        _stored(world, replace(job, state="failed", reason=fault.message, lease_until=0, finished_at=world.now()))


def _stored(world: World, job: Import) -> Import | None:
    """The job under its next version, which this alone raises; None where another has gone on from it."""
    after = replace(job, version=job.version + 1)
    return after if world.imports.update(after, job.version) else None


def _reader(world: World, job: Import) -> Range:
    return partial(world.files.read, job.file)


def _kept(world: World, identifier: str, body: bytes) -> str:
    if len(body) > MAX_BODY:
        hint = f"A body has at most {MAX_BODY} bytes: ask for an upload, PUT the file there and name it here."
        raise TooLarge(f"The file has {len(body)} bytes.", field="file", hint=hint)
    name = f"{BODIES}{identifier}.csv"
    world.files.put(name, body, "text/csv")
    return name


def _uploaded(world: World, name: str) -> str:
    identifier = name.removeprefix(UPLOADS).removesuffix(".csv")
    if name != f"{UPLOADS}{identifier}.csv" or not is_id(identifier):
        raise Invalid("upload", name, "Give the reference that an upload answered.")
    size = world.files.size(name)
    if size is None:
        raise NotFound(
            f"Nothing was uploaded as {name}.", field="upload", hint="PUT the file to the upload's URL first."
        )
    if size > MAX_FILE:
        raise TooLarge(f"The file has {size} bytes.", field="upload", hint=f"At most {MAX_FILE}: cut it in two.")
    return name


def _accepts_members(world: World, segment_id: str | None) -> None:
    if segment_id is None:
        return
    segment = world.segments.read(segment_id) if is_id(segment_id) else None
    if segment is None:
        raise NotFound(f"There is no segment {segment_id[:60]!r}.", field="segment")
    if not segment.is_list:
        hint = "Import without a segment, and let the filter find the contacts; or name a static list."
        raise Conflict(f"{segment.name} is a live filter.", field="segment", hint=hint)
