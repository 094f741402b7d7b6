"""Passes over live segments: the first one finds whom a filter finds; one each night heals and lets time pass.

Whoever stands there is judged first, then all contacts: of these only whoever belongs is looked up. A step that is done
twice changes nothing more.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.contact import Contact
from chalicelib.model.filling import Belonging, Filling
from chalicelib.model.inlined import Holds
from chalicelib.model.segment import Segment
from chalicelib.work import following
from chalicelib.work.world import World

STEP = 500
SCAN = 1_000
RESERVE_MS = 10_000
DAY_MS = 24 * 3_600_000
MOST_DROPPED = 10_000


def begin(world: World, segment: Segment) -> Filling:
    """A pass, and the hint for it."""
    job = Filling(world.new_id(), segment.id, segment.generation, created_at=world.now())
    world.fillings.create(job)
    world.hints.fill(job.id)
    return job


def due(world: World) -> list[Segment]:
    """Those to pass over tonight: not since a day, and no pass under way."""
    busy = {job.segment for each in world.fillings.open() if (job := world.fillings.read(each))}
    late = world.now() - DAY_MS
    wanted = [each for each in following.live(world) if each.passed_at <= late and each.id not in busy]
    readable = following.judges(world, wanted)
    return [each for each in wanted if each.id in readable]


def run(world: World, job_id: str) -> None:
    """Goes on from where it stands until it is done or the time is up, and then hints itself."""
    job = world.fillings.read(job_id)
    now = world.now()
    if job is None or job.state == "finished" or job.lease_until > now:
        return
    segment = world.segments.read(job.segment)
    if segment is None or segment.generation != job.generation:
        _stored(world, replace(job, state="finished", finished_at=now))
        return
    belongs = following.judges(world, [segment]).get(segment.id)
    if belongs is None:
        # its filter can no longer be read: whoever plans by it is told so
        _stored(world, replace(job, state="finished", finished_at=now))
        return
    running = _stored(world, replace(job, state="running", lease_until=now + world.timing.lease))
    while running is not None and running.state == "running":
        if world.time_left() < RESERVE_MS:
            _stored(world, replace(running, lease_until=0))
            world.hints.fill(job_id)
            return
        running = _stored(world, _step(world, running, segment, belongs))


def _step(world: World, job: Filling, segment: Segment, belongs: Holds) -> Filling:
    after = (_members if job.phase == "members" else _contacts)(world, job, segment, belongs)
    return replace(after, lease_until=world.now() + world.timing.lease)


def _members(world: World, job: Filling, segment: Segment, belongs: Holds) -> Filling:
    """Whoever belongs no more, or is gone, goes."""
    ids = world.segments.members(segment.roster, job.cursor, STEP)
    found = following.judged(ids, world.contacts.read_many(ids), belongs)
    left = world.memberships.settle(segment, [each for each in found if not each.belongs])
    job = replace(job, judged=job.judged + len(ids), left=job.left + left, cursor=ids[-1] if ids else "")
    return job if len(ids) == STEP else replace(job, phase="contacts", cursor="")


def _contacts(world: World, job: Filling, segment: Segment, belongs: Holds) -> Filling:
    seen, done = world.contacts.scan(0, 1, job.cursor, SCAN)
    joined = world.memberships.settle(segment, _missing(world, seen, segment, belongs))
    cursor = seen[-1].id if seen else job.cursor
    job = replace(job, judged=job.judged + len(seen), joined=job.joined + joined, cursor=cursor)
    return _finished(world, job, segment) if done else job


def _missing(world: World, seen: list[Contact], segment: Segment, belongs: Holds) -> list[Belonging]:
    by_id = {each.id: each for each in seen}
    found = [each for each in following.judged(list(by_id), by_id, belongs) if each.belongs]
    standing = world.memberships.standing({segment.roster: [each.contact for each in found]})
    return following.odd(segment, found, standing)


def _finished(world: World, job: Filling, segment: Segment) -> Filling:
    now = world.now()
    world.memberships.passed(segment, now)
    if segment.kept_since and segment.generation > 1:
        # the filter changed a day ago at least: no plan reads the rows of the one before any more
        world.memberships.drop(replace(segment, generation=segment.generation - 1).roster, MOST_DROPPED)
    return replace(job, state="finished", finished_at=now)


def _stored(world: World, job: Filling) -> Filling | None:
    """The job under its next version; None where another has gone on from it."""
    after = replace(job, version=job.version + 1)
    return after if world.fillings.update(after, job.version) else None
