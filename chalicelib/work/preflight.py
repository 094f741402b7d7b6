"""Pre-flights: the content read, the sender's domain looked up, every pending recipient personalised in a dry run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.compose.revision import Revision
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.preflight import Preflight
from chalicelib.model.price import Estimate, price, seconds
from chalicelib.model.source import Source
from chalicelib.work import clearing, editions, emails, families, pending, put_off, routing, sources, workspaces
from chalicelib.work.dry_run import DryRun
from chalicelib.work.foreseeing import most_grave, of_audience, of_content, of_family, of_quota
from chalicelib.work.world import World

RESERVE_MS = 15_000


def begin(
    world: World,
    email_id: str,
    segments: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    *,
    afresh: bool = False,
) -> Preflight:
    """A new pre-flight of the published revision, over the e-mail's own audience unless segments are given (that of an
    edition may be those who did not open); `afresh` where those who had it already are to get it too.

    Raises NotFound, Conflict (not published) and Invalid (segments).
    """
    email = emails.read(world, email_id)
    if not email.revision:
        raise Conflict("The e-mail is not published.", hint=f"POST /v1/emails/{email_id}/publish first.")
    members = families.members(world, email) if email.kind == "segment" else ()
    source = editions.own_source(world, email, segments)
    job = Preflight(
        world.new_id(),
        email.id,
        email.revision,
        () if source else tuple(email.segments if segments is None else segments),
        tuple(email.exclude if exclude is None else exclude),
        members,
        source=source,
        afresh=afresh,
        created_at=world.now(),
    )
    if email.kind == "segment" and job.segments:
        pending.audience_of(world, email.id, job.segments, job.exclude)
    if not world.preflights.create(job):
        raise Conflict(f"The id {job.id} is taken.", hint="Try again.")
    world.hints.preflight(job.id)
    return job


def read(world: World, preflight_id: str) -> Preflight:
    job = world.preflights.read(preflight_id) if is_id(preflight_id) else None
    if job is None:
        raise NotFound(f"There is no pre-flight {preflight_id[:60]!r}.", field="id")
    return job


def run(world: World, preflight_id: str) -> None:
    """Goes on from where it stands until it is done or the time is up, and then hints itself.

    Each step is one write conditional on the row that it began from: doubled or killed, it counts nobody twice.
    """
    job: Preflight | None = world.preflights.read(preflight_id)
    if job is None or job.state not in ("waiting", "running"):
        return
    try:
        if job.state == "waiting":
            job = _stored(world, job, state="running", findings=of_content(world, job))
        if job is not None:
            _walk(world, job)
    except Fault as fault:
        standing = world.preflights.read(preflight_id)
        if standing is not None and standing.state in ("waiting", "running"):
            _stored(world, standing, state="failed", reason=_said(fault), finished_at=world.now())


def estimate(world: World, job: Preflight, rate: float | None = None) -> Estimate:
    """At the quota of now, or at this rate of its own where it is lower."""
    quota = routing.quota(world, "broadcast")
    mails = job.mails or job.pending
    left = -1 if quota.per_day < 0 else quota.per_day - quota.sent_today
    per_second = quota.per_second if rate is None else min(rate, quota.per_second)
    duration = seconds(mails, per_second, left, quota.per_day)
    return Estimate(price(job.pending, mails, job.carried), duration, per_second)


def _walk(world: World, job: Preflight) -> None:
    email = emails.read(world, job.email)
    if email.kind == "template" or not (job.segments or job.source):
        _finish(world, job)
        return
    step = _stepping(world, job)
    # a family that nobody has a message of
    asked = replace(email, family=job.id) if job.afresh else email
    flight = DryRun(world, email.family, job.members, _revisions(world, job))
    workspace = workspaces.read(world)
    running: Preflight | None = job
    while running is not None:
        if world.time_left() < RESERVE_MS:
            world.hints.preflight(job.id)
            return
        seen = step(running.cursor)
        judged = pending.judged(world, asked, seen.contacts)
        going = [contact for contact, reason in judged if reason is None]
        flown = flight.flown(running, going).waiting(put_off.counted(world, asked, workspace, going))
        passed = flown.passed(reason for _, reason in judged if reason is not None)
        after = replace(passed, cursor=seen.cursor, scanned=running.scanned + seen.looked_at)
        if seen.done:
            _finish(world, after)
            return
        running = _stored(world, after)


def _stepping(world: World, job: Preflight) -> Callable[[str], pending.Seen]:
    """The next of those whom it is about, behind a cursor."""
    if job.source is not None:
        return partial(_of_source, world, job.source)
    audience = pending.audience_of(world, job.email, job.segments, job.exclude)
    return partial(pending.step, world, audience)


def _of_source(world: World, source: Source, cursor: str) -> pending.Seen:
    ids, after, done = sources.taken(world, source, cursor, pending.PAGE, RESERVE_MS)
    return pending.Seen(len(ids), list(world.contacts.read_many(ids).values()), after, done)


def _revisions(world: World, job: Preflight) -> list[Revision]:
    wanted = [(each.email, each.revision) for each in job.members] or [(job.email, job.revision)]
    found = [world.revisions.read(*each) for each in wanted]
    missing = [each for each, revision in zip(wanted, found, strict=True) if revision is None]
    if missing:
        raise NotFound(f"Revision {missing[0][1]} of the e-mail {missing[0][0]} is not in the bucket.")
    return [each for each in found if each is not None]


def _finish(world: World, job: Preflight) -> None:
    """Cleared first: a worker that dies in between finishes again, and one that has finished is cleared."""
    quota = routing.quota(world, "broadcast")
    found = (*job.findings, *of_audience(world, job), *of_family(world, job), *of_quota(job, quota))
    clearing.clear(world, job)
    ended = {"findings": most_grave(found), "per_second": quota.per_second, "finished_at": world.now()}
    _stored(world, job, state="finished", **ended)


def _stored(world: World, job: Preflight, **changes: Any) -> Preflight | None:  # noqa: ANN401  # fields of the row
    """The row with these changes; None where another worker has gone on from it."""
    after = replace(job, **changes, version=job.version + 1)
    return after if world.preflights.update(after, job.version) else None


def _said(fault: Fault) -> str:
    """With the mend: nobody but the row is there to tell it."""
    return " ".join(filter(None, (fault.message, None if isinstance(fault, Invalid) else fault.hint)))
