"""What lets a broadcast begin: a pre-flight of its very revisions, over everybody in its audience, that finished."""

from __future__ import annotations

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.cohort import biggest
from chalicelib.model.errors import Conflict
from chalicelib.model.preflight import Clearance, Preflight
from chalicelib.work import families
from chalicelib.work.world import World

TRIES = 5
# What is told to somebody who begins without one.
OTHERWISE = 'and wait for it, or send "skip_preflight": true.'


def clear(world: World, job: Preflight) -> None:
    """Remembers it, unless it is of revisions that were replaced meanwhile, or a wider one of the same stands."""
    for _ in range(TRIES):
        standing = world.clearances.read(job.email)  # before the e-mail: whatever comes between loses below
        if not _current(world, job) or (standing and _says_as_much(standing, job)):
            return
        version = standing.version + 1 if standing else 1
        audience = job.segments, job.exclude, job.source
        cleared = Clearance(job.email, job.id, job.revision, job.members, *audience, version)
        if world.clearances.update(cleared, standing.version) if standing else world.clearances.create(cleared):
            return


def domains(world: World, email_id: str) -> tuple[str, ...]:
    """The biggest in the audience, as the e-mail's last pre-flight counted them; none where there was none."""
    standing = world.clearances.read(email_id)
    job = world.preflights.read(standing.preflight) if standing else None
    return biggest(job.domains) if job else ()


def require(world: World, broadcast: Broadcast) -> None:
    """Conflict where its revisions, or its audience, have had no pre-flight that finished."""
    standing = world.clearances.read(broadcast.email)
    road = f"POST /v1/emails/{broadcast.email}/preflight"
    if standing is None or not standing.is_of(broadcast.revision, broadcast.members):
        message = "These revisions have had no pre-flight that finished."
        raise Conflict(message, field="preflight", hint=f"{road} {OTHERWISE}")
    if standing.covers(broadcast.segments, broadcast.exclude, broadcast.source):
        return
    if broadcast.source is not None:
        message = "The pre-flight looked at others: not everybody whom this edition goes to was in it."
        raise Conflict(message, field="preflight", hint=f"{road} without segments, {OTHERWISE}")
    message = "The pre-flight looked at other segments: not everybody here was in it."
    hint = f"{road} with the broadcast's own segments and exclude, {OTHERWISE}"
    raise Conflict(message, field="preflight", hint=hint)


def _says_as_much(standing: Clearance, job: Preflight) -> bool:
    return standing.is_of(job.revision, job.members) and standing.covers(job.segments, job.exclude, job.source)


def _current(world: World, job: Preflight) -> bool:
    email = world.emails.read(job.email)
    if email is None or email.revision != job.revision:
        return False
    try:
        return email.kind == "template" or families.members(world, email) == job.members
    except Conflict:  # a member that has joined since is not published
        return False
