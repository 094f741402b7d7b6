"""Pre-flights: the content read, the sender's domain looked up, every pending recipient personalised in a dry run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.compose.letter import joined
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Revision
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.family import Member, choice
from chalicelib.model.finding import Finding
from chalicelib.model.ids import is_id
from chalicelib.model.message import MessageKey
from chalicelib.model.pacing import Quota
from chalicelib.model.preflight import MAX_SAMPLES, Clearance, Preflight
from chalicelib.model.price import Estimate, price, seconds
from chalicelib.model.sender_domain import findings_of
from chalicelib.model.token import Tracked
from chalicelib.work import emails, families, pending
from chalicelib.work.addressees import addressees
from chalicelib.work.world import World

CLIPPED = 102 * 1024
RESERVE_MS = 15_000

# How a slot whose value is empty is called.
CALLED = {"field": "{{contactfield={}}}", "owner": "{{ownerfield={}}}", "block": '{{dynamiccontent="{}"}}'}


def begin(
    world: World, email_id: str, segments: Sequence[str] | None = None, exclude: Sequence[str] | None = None
) -> Preflight:
    """A new pre-flight of the published revision, over the e-mail's own segments unless others are given.

    Raises NotFound, Conflict (not published) and Invalid (segments).
    """
    email = emails.read(world, email_id)
    if not email.revision:
        raise Conflict("The e-mail is not published.", hint=f"POST /v1/emails/{email_id}/publish first.")
    members = families.members(world, email) if email.kind == "segment" else ()
    job = Preflight(
        world.new_id(),
        email.id,
        email.revision,
        tuple(email.segments if segments is None else segments),
        tuple(email.exclude if exclude is None else exclude),
        members,
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
            job = _stored(world, job, state="running", findings=_of_content(world, job))
        if job is not None:
            _walk(world, job)
    except (NotFound, Invalid, Conflict) as fault:
        standing = world.preflights.read(preflight_id)
        if standing is not None and standing.state in ("waiting", "running"):
            _stored(world, standing, state="failed", reason=fault.message, finished_at=world.now())


def estimate(world: World, job: Preflight) -> Estimate:
    quota, revision = world.transport.quota(), world.revisions.read(job.email, job.revision)
    copies = len(revision.bcc) if revision else 0
    attached = sum(each.size for each in revision.attachments) if revision else 0
    left = -1 if quota.per_day < 0 else quota.per_day - quota.sent_today
    duration = seconds(job.pending * (1 + copies), quota.per_second, left, quota.per_day)
    return Estimate(price(job.pending, copies, attached), duration, quota.per_second)


def require(world: World, email: Email, members: tuple[Member, ...]) -> None:
    """Conflict where these revisions have had no pre-flight that finished."""
    clearance = world.clearances.read(email.id)
    if clearance is None or (clearance.revision, clearance.members) != (email.revision, members):
        raise Conflict(
            "These revisions have had no pre-flight that finished.",
            field="preflight",
            hint=f'POST /v1/emails/{email.id}/preflight and wait for it, or send "skip_preflight": true.',
        )


def _walk(world: World, job: Preflight) -> None:
    email = emails.read(world, job.email)
    if email.kind == "template" or not job.segments:
        _finish(world, email, job)
        return
    audience = pending.audience_of(world, job.email, job.segments, job.exclude)
    flight = _Flight(world, email, job.members, _revisions(world, job))
    running: Preflight | None = job
    while running is not None:
        if world.time_left() < RESERVE_MS:
            world.hints.preflight(job.id)
            return
        seen = pending.step(world, audience, running.cursor)
        going = pending.pending_among(world, email, seen.contacts)
        after = replace(_flown(flight, running, going), cursor=seen.cursor, scanned=running.scanned + seen.looked_at)
        if seen.done:
            _finish(world, email, after)
            return
        running = _stored(world, after)


@dataclass(frozen=True, slots=True)
class _Flight:
    """What a dry run needs: the members' revisions by place ("" alone in a family of one)."""

    world: World
    email: Email
    members: tuple[Member, ...]
    revisions: Sequence[Revision]

    def groups(self, contacts: Iterable[Contact]) -> dict[int, list[Contact]]:
        groups: dict[int, list[Contact]] = {}
        for contact in contacts:
            place = choice(self.members, self.email.family, contact) if self.members else 0
            groups.setdefault(place, []).append(contact)
        return groups

    def filled(self, revision: Revision, to: Addressee) -> tuple[str, ...]:
        key = MessageKey(to.contact.id, self.email.family)
        token = self.world.signer.token(Tracked(key, revision.email, revision.number))
        return values(revision, to, token, self.world.signer)


def _revisions(world: World, job: Preflight) -> list[Revision]:
    wanted = [(each.email, each.revision) for each in job.members] or [(job.email, job.revision)]
    found = [world.revisions.read(*each) for each in wanted]
    missing = [each for each, revision in zip(wanted, found, strict=True) if revision is None]
    if missing:
        raise NotFound(f"Revision {missing[0][1]} of the e-mail {missing[0][0]} is not in the bucket.")
    return [each for each in found if each is not None]


def _flown(flight: _Flight, job: Preflight, going: Sequence[Contact]) -> Preflight:
    """The job after these recipients' letters were made and looked at."""
    holes, samples, heaviest = dict(job.holes), dict(job.samples), job.heaviest
    for place, contacts in flight.groups(going).items():
        revision = flight.revisions[place]
        watched = list(_watched(revision))
        for to in addressees(flight.world, revision, contacts):
            filled = flight.filled(revision, to)
            heaviest = max(heaviest, len(joined(revision.program.html, filled).encode()))
            for called in {name for number, name in watched if not filled[number]}:
                holes[called] = holes.get(called, 0) + 1
                if len(samples.get(called, ())) < MAX_SAMPLES:
                    samples[called] = (*samples.get(called, ()), to.contact.id)
    return replace(job, pending=job.pending + len(going), holes=holes, samples=samples, heaviest=heaviest)


def _watched(revision: Revision) -> Iterator[tuple[int, str]]:
    """The slots that a reader sees, and what they are called; not those of contents that only some get."""
    program = revision.program
    parts = (program.subject, program.from_name, program.html, program.text)
    seen = {each for part in parts for each in part if isinstance(each, int)}
    for number in sorted(seen):
        slot = program.slots[number]
        if slot.kind in CALLED:
            yield number, CALLED[slot.kind].format(slot.name)


def _finish(world: World, email: Email, job: Preflight) -> None:
    quota = world.transport.quota()
    findings = (*job.findings, *_of_audience(job), *_of_quota(job, quota))
    after = _stored(
        world, job, state="finished", findings=findings, per_second=quota.per_second, finished_at=world.now()
    )
    if after is not None:
        _clear(world, email, after)


def _clear(world: World, email: Email, job: Preflight) -> None:
    before = world.clearances.read(email.id)
    version = before.version + 1 if before else 1
    clearance = Clearance(email.id, job.id, job.revision, job.members, version)
    if before is None:
        world.clearances.create(clearance)
    else:
        world.clearances.update(clearance, before.version)


def _of_content(world: World, job: Preflight) -> tuple[Finding, ...]:
    """Of each member: what publishing warns of, and what proof-reading finds; then of the senders' domains."""
    found: list[Finding] = []
    domains = set()
    for email_id in [each.email for each in job.members] or [job.email]:
        email = emails.read(world, email_id)
        domains.add(email.from_address.partition("@")[2])
        about = f"{email.name}: " if job.members else ""
        found += [replace(each, where=about + each.where) for each in emails.proof(world, email)]
    for domain in sorted(domains):
        found += findings_of(world.sender_domains.look(domain))
    return tuple(found)


def _of_audience(job: Preflight) -> Iterator[Finding]:
    if job.segments and not job.pending:
        message = "Nobody is pending: a broadcast would go to no one."
        yield Finding("warning", "nobody", "audience", message, "Choose other segments, or look at who is suppressed.")
    for called, number in sorted(job.holes.items()):
        some = ", ".join(job.samples.get(called, ())[:3])
        message = f"{called} is empty for {number} of {job.pending} recipients (such as {some})."
        mend = "Write a default: {contactfield=alias|default}." if called.startswith("{contact") else "Write a default."
        yield Finding("warning", "hole", "audience", message, mend)
    if job.heaviest > CLIPPED:
        kilobytes = job.heaviest / 1024
        message = f"The heaviest letter has {kilobytes:.0f} KB of HTML; Gmail shows 102 KB and hides the rest."
        yield Finding("warning", "clipped", "html", message, "Shorten it: the way out must not be in the hidden part.")


def _of_quota(job: Preflight, quota: Quota) -> Iterator[Finding]:
    if quota.per_day >= 0 and job.pending > quota.per_day - quota.sent_today:
        left = max(0, round(quota.per_day - quota.sent_today))
        message = f"Today's quota has {left} mails left, {job.pending} are pending: the rest goes out on later days."
        yield Finding("warning", "quota", "audience", message, "Ask SES for a higher quota, or start in parts.")
    if not quota.sending_enabled:
        message = "SES has switched sending off for this account."
        yield Finding("error", "sending_off", "transport", message, "Look into the account's reputation in SES.")


def _stored(world: World, job: Preflight, **changes: Any) -> Preflight | None:  # noqa: ANN401  # fields of the row
    """The row with these changes; None where another worker has gone on from it."""
    after = replace(job, **changes, version=job.version + 1)
    return after if world.preflights.update(after, job.version) else None
