"""Exports: contacts, segments, messages or events as a file in the bucket, by a job that may be stopped anywhere.

The file is a multipart upload. A step reads until it has a part's worth, puts the part, and then commits its ETag and
the cursor behind it in one write, conditional on the row that it began from. A part that is put twice is one part; one
that a worker put after it had lost its lease has another ETag than was committed, and the export begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.export import (
    FORMATS,
    KEPT_MS,
    MAX_PARTS,
    MOVES,
    PART,
    SECTIONS,
    WHAT,
    Export,
    Format,
    What,
    moved,
)
from chalicelib.model.ids import is_id
from chalicelib.work import export_format, export_rows
from chalicelib.work.world import World

RESERVE_MS = 45_000
TRIES = 5
# How often a worker tells how far it has come within a part.
TOLD_MS = 2_000
URL_SECONDS = 3_600
# What is read through the whole of a table.
SCANNED = ("contacts", "messages", "events")
NARROWS = {"segment": ("contacts",), "email": ("messages", "events")}


def begin(world: World, what: str, file_format: str = "csv", segment: str = "", email: str = "") -> Export:
    """Raises Invalid (what, format, segment, email)."""
    if what not in WHAT:
        raise Invalid("what", what, f"It is one of {', '.join(WHAT)}.")
    if file_format not in FORMATS:
        raise Invalid("format", file_format, f"It is one of {', '.join(FORMATS)}.")
    _narrowed(world, what, segment, email)
    named = cast(What, what)
    job = Export(
        world.new_id(),
        named,
        cast(Format, file_format),
        segment,
        email,
        export_rows.columns(world, named),
        sections=SECTIONS if named in SCANNED and not segment else 1,
        created_at=world.now(),
    )
    if not world.exports.create(job):
        raise Conflict(f"The id {job.id} is taken.", hint="Try again.")
    world.hints.export(job.id)
    return job


def read(world: World, export_id: str) -> Export:
    job = world.exports.read(export_id) if is_id(export_id) else None
    if job is None:
        raise NotFound(f"There is no export {export_id[:60]!r}.", field="id")
    return job


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Export], str | None]:
    """The newest first."""
    return world.exports.page(limit, cursor)


@dataclass(frozen=True, slots=True)
class Progress:
    """The `share` that is read, and how many rows it will have, about; None where nobody knows."""

    share: float | None
    rows: int | None


def progress(world: World, job: Export) -> Progress:
    """A segment knows its size; the rest is told by how much of the table is behind."""
    if job.state == "finished":
        return Progress(1.0, job.rows)
    section, rows = max((job.section, job.rows), job.ahead)
    if job.segment:
        segment = world.segments.read(job.segment)
        size = max(rows, segment.size or 0) if segment else 0
        return Progress(rows / size, size) if size else Progress(None, None)
    if job.sections == 1:
        return Progress(None, None)
    # where in a section it is nobody knows: in its middle, on the average
    share = 1.0 if job.read else (section + (0.5 if rows else 0)) / job.sections
    return Progress(share, round(rows / share) if share else None)


def cancel(world: World, export_id: str) -> Export:
    """No file, and none of what was written of it; Conflict where the export is over. The worker that is at it finds
    another version than its own at its next write.
    """
    for _ in range(TRIES):
        job = moved(read(world, export_id), "cancel")
        after = _stored(world, job, lease_until=0, finished_at=world.now())
        if after is not None:
            if after.upload:
                world.files.give_up(after.file, after.upload)
            world.files.delete(after.file)
            return after
    raise Conflict(f"Export {export_id} is changing too fast.", hint="Try again in a moment.")


def url(world: World, job: Export) -> str | None:
    """Where the file may be had for an hour; None before it is there and after it has gone."""
    if job.state != "finished" or world.now() > expires_at(job) or world.files.size(job.file) is None:
        return None
    return world.files.download_url(job.file, URL_SECONDS, f"{job.what}.{job.format}")


def expires_at(job: Export) -> int:
    return (job.finished_at or job.created_at) + KEPT_MS


def run(world: World, export_id: str) -> None:
    """Goes on from where it stands until it is done or the time is up, and then hints itself."""
    job = world.exports.read(export_id)
    now = world.now()
    if job is None or job.state not in MOVES["run"] or job.lease_until > now:
        return
    running = _stored(world, moved(job, "run"), lease_until=now + world.timing.lease)
    try:
        while running is not None and running.state == "running":
            if world.time_left() < RESERVE_MS:
                _stored(world, running, lease_until=0)
                world.hints.export(export_id)
                return
            running = _step(world, running)
    except Fault as fault:
        _failed(world, export_id, fault)


def _step(world: World, job: Export) -> Export | None:
    """One part more, or the end; None where another worker has gone on from it."""
    lease = world.now() + world.timing.lease
    if job.read:
        return _ended(world, job)
    if not job.upload:
        upload = world.files.begin(job.file, export_format.TYPES[job.format])
        begun = _stored(world, job, upload=upload, lease_until=lease)
        if begun is None:
            world.files.give_up(job.file, upload)
        return begun
    found = _part(world, job)
    if found is None:
        return None
    part, after = found
    if part:
        number = len(job.parts) + 1
        if number > MAX_PARTS:
            raise Conflict(f"The file would have more than {MAX_PARTS * PART} bytes.", hint="Export less at a time.")
        etag = world.files.put_part(job.file, job.upload, number, part)
        if etag is None:
            return _anew(world, job)
        after = replace(after, parts=(*job.parts, etag))
    return _stored(world, after, lease_until=lease)


def _ended(world: World, job: Export) -> Export | None:
    if not job.parts:
        world.files.put(job.file, b"", export_format.TYPES[job.format])
    elif not world.files.complete(job.file, job.upload, job.parts):
        return _anew(world, job)
    return _stored(world, moved(job, "finish"), finished_at=world.now(), lease_until=0)


def _anew(world: World, job: Export) -> Export | None:
    """The upload is gone (it waited for more than a day), or a part is another's."""
    return _stored(world, job, upload="", parts=(), cursor="", section=0, ahead=(0, 0), read=False, rows=0, size=0)


def _part(world: World, standing: Export) -> tuple[bytes, Export] | None:
    """At least a part's worth, or the rest; and the job behind it. None where another worker has gone on meanwhile."""
    content = bytearray(b"" if standing.parts else export_format.head(standing))
    job, told_at = standing, world.now()
    while True:
        if world.now() - told_at >= TOLD_MS:
            lease = world.now() + world.timing.lease
            told = _stored(world, standing, ahead=(job.section, job.rows), lease_until=lease)
            if told is None:
                return None
            standing, job, told_at = told, replace(job, version=told.version), world.now()
        found = export_rows.page(world, job)
        content += export_format.body(job, found.rows)
        job = replace(job, cursor=found.following or "", section=found.section, rows=job.rows + len(found.rows))
        if found.following is None or len(content) >= PART:
            return bytes(content), replace(job, size=job.size + len(content), read=found.following is None)


def _narrowed(world: World, what: str, segment: str, email: str) -> None:
    for field, value in (("segment", segment), ("email", email)):
        if value and what not in NARROWS[field]:
            raise Invalid(field, value, f"It narrows {' and '.join(NARROWS[field])} alone.")
    if segment and (not is_id(segment) or world.segments.read(segment) is None):
        raise Invalid("segment", segment, "There is no such segment.")
    if email and (not is_id(email) or world.emails.read(email) is None):
        raise Invalid("email", email, "There is no such e-mail.")


def _failed(world: World, export_id: str, fault: Fault) -> None:
    job = world.exports.read(export_id)
    if job is not None and job.state in MOVES["fail"]:
        _stored(world, moved(job, "fail"), reason=fault.message, lease_until=0, finished_at=world.now())


def _stored(world: World, job: Export, **changes: Any) -> Export | None:  # noqa: ANN401  # fields of the row
    """The job under its next version; None where another worker has gone on from it."""
    after = replace(job, **changes, version=job.version + 1)
    return after if world.exports.update(after, job.version) else None
