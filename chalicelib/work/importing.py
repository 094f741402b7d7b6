"""Imports: a file of contacts, as a job that may be stopped anywhere and goes on where it stood.

The row says how far the job is; a step takes some hundred lines, writes their contacts, list members and rejected
lines, and then commits the new place and the counts in one write, conditional on the row that it began from. All
that a step writes may be written again: each contact carries the line that wrote it (`model/importing.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import cast, get_args

from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound, TooLarge
from chalicelib.model.ids import is_id
from chalicelib.model.importing import ENDED, MAX_BODY, MAX_FILE, Import, Rejected, Rule, Wishes
from chalicelib.model.tagging import checked_tags
from chalicelib.work import import_conversion, import_source, import_trying, suppression_import
from chalicelib.work.csv_header import mapped
from chalicelib.work.file_lines import Record
from chalicelib.work.import_inspection import Inspection, inspection
from chalicelib.work.import_lines import counted, take
from chalicelib.work.import_report import reported
from chalicelib.work.import_source import records_of
from chalicelib.work.world import World

STEP = 500
RESERVE_MS = 15_000
UPLOAD_SECONDS = 3_600
UPLOADS, BODIES = "uploads/", "imports/"
LONGEST_MS = 900_000
TRIES = 10
AS_IT_IS = Wishes()
RULES: tuple[str, ...] = get_args(Rule)


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


def start(world: World, source: bytes | str, wishes: Wishes = AS_IT_IS) -> Import:
    """Begins the import of a file (its bytes, at most MAX_BODY, or an upload's reference) and hints its job.

    An empty cell leaves a contact's field as it is. Raises Invalid, TooLarge, NotFound and Conflict before anything is
    written but the file.
    """
    _accepts_members(world, wishes.segment)
    identifier = world.new_id()
    name = _uploaded(world, source) if isinstance(source, str) else _kept(world, identifier, source)
    found = import_source.looked_at(world, name, wishes)
    job = Import(
        identifier,
        name,
        segment=wishes.segment,
        mapping=mapped(found.header.columns, wishes.mapping),
        size=world.files.size(name) or 0,
        created_at=world.now(),
        rule=_rule(wishes.rule),
        tags=checked_tags(wishes.tags),
        dry_run=wishes.dry_run,
    )
    return _created(world, import_source.described(job, found))


def inspected(world: World, source: bytes | str, wishes: Wishes = AS_IT_IS) -> Inspection:
    """What a file is and what its columns would fill, before anything is imported. A body is kept as an upload."""
    name = _uploaded(world, source) if isinstance(source, str) else _kept(world, world.new_id(), source, UPLOADS)
    return inspection(world, name, wishes)


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


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Import], str | None]:
    """The newest first."""
    return world.imports.page(limit, cursor)


def cancel(world: World, import_id: str) -> Import:
    """What is written stays written; Conflict where the import is over."""
    for _ in range(TRIES):
        job = read(world, import_id)
        if job.state in ENDED:
            raise Conflict(
                f"The import is {job.state}.", field="state", hint="Only one that is under way can be cancelled."
            )
        after = _stored(world, replace(job, state="cancelled", lease_until=0, finished_at=world.now()))
        if after is not None:
            return after
    raise Conflict(f"Import {import_id} is changing too fast.", hint="Try again in a moment.")


def rejected(world: World, import_id: str, limit: int, cursor: str | None) -> tuple[list[Rejected], str | None]:
    """The report: the lines that were not taken, in the order of the file."""
    return world.imports.rejected(read(world, import_id).id, limit, cursor)


def report_url(world: World, import_id: str, seconds: int) -> str:
    """NotFound where no line was rejected, or the import is not over."""
    job = read(world, import_id)
    if not job.report:
        raise NotFound("There is no file of rejected lines.", field="id", hint="It is made at the import's end.")
    return world.files.download_url(job.report, seconds, f"rejected-{job.id}.csv")


def run(world: World, import_id: str, step: int = STEP) -> None:
    """Goes on with an import until it is done or the time is up, and then hints itself.

    `step` is how many records are written before the next commit. A job that is doubled finds the lease taken,
    or loses its next commit, and leaves.
    """
    job = world.imports.read(import_id)
    now = world.now()
    if job is None or job.state in ENDED or job.lease_until > now:
        return
    running = _stored(world, replace(job, state="running", lease_until=now + _lease(world, job)))
    try:
        _accepts_members(world, job.segment)
        _run(world, running, step)
    except Fault as fault:
        # the file or the list is gone: nothing that another try would mend
        _fail(world, import_id, fault)


def _lease(world: World, job: Import) -> int:
    """A file is converted, or tried, in one go, which may take as long as this worker has."""
    whole = job.dry_run or import_conversion.is_due(job)
    return max(world.timing.lease, min(world.time_left(), LONGEST_MS)) if whole else world.timing.lease


def _run(world: World, job: Import | None, step: int) -> None:
    if job is not None and import_conversion.is_due(job):
        job = _stored(world, import_conversion.convert(world, job))
    if job is not None and job.dry_run:
        _stored(world, reported(world, import_trying.tried(world, job)))
        return
    source = iter(()) if job is None else records_of(world, job)
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
    return _stored(world, replace(counted(job, lines, taken), lease_until=world.now() + world.timing.lease))


def _finished(world: World, job: Import) -> Import | None:
    if job.segment:
        world.segments.recount(job.segment)
    done = reported(world, replace(job, state="finished", offset=job.size))
    return _stored(world, replace(done, lease_until=0, finished_at=world.now()))


def _fail(world: World, import_id: str, fault: Fault) -> None:
    job = world.imports.read(import_id)
    if job is not None and job.state == "running":
        _stored(world, replace(job, state="failed", reason=fault.message, lease_until=0, finished_at=world.now()))


def _stored(world: World, job: Import) -> Import | None:
    """The job under its next version, which this alone raises; None where another has gone on from it."""
    after = replace(job, version=job.version + 1)
    return after if world.imports.update(after, job.version) else None


def _rule(text: str) -> Rule:
    if text not in RULES:
        raise Invalid("rule", text, f"It is one of {', '.join(RULES)}.")
    return cast(Rule, text)


def _kept(world: World, identifier: str, body: bytes, folder: str = BODIES) -> str:
    if len(body) > MAX_BODY:
        hint = f"A body has at most {MAX_BODY} bytes: ask for an upload, PUT the file there and name it here."
        raise TooLarge(f"The file has {len(body)} bytes.", field="file", hint=hint)
    name = f"{folder}{identifier}.csv"
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
