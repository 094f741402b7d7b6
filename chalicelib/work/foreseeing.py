"""What a pre-flight finds: in the content, the sender's domain, the family, the audience, and the quota."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.compose.source import Source
from chalicelib.model.email import Email, SplitTest, Wait
from chalicelib.model.family import PERCENT, variants
from chalicelib.model.finding import LEVELS, Finding
from chalicelib.model.pacing import Quota
from chalicelib.model.preflight import MAX_FINDINGS, Preflight
from chalicelib.model.sender_domain import findings_of
from chalicelib.work import emails
from chalicelib.work.world import World

CLIPPED = 102 * 1024
# With fewer in each variant only a landslide is more than chance.
FEW_TESTERS = 100

_HOLE = re.compile(r"\{(?P<token>\w+)=\"?(?P<name>[^|}\"]+)(?P<way>\|\w+)?")
_NAMED = {
    "contactfield": "(?:contact|lead)field=",
    "ownerfield": "ownerfield=",
    "dynamiccontent": "dynamiccontent=.{0,6}",
}


def of_content(world: World, job: Preflight) -> tuple[Finding, ...]:
    """Of each member: what publishing warns of, and what proof-reading finds; then of the senders' domains.

    Raises as `emails.proof`.
    """
    found: list[Finding] = []
    domains = set()
    for email_id, revision in [(each.email, each.revision) for each in job.members] or [(job.email, job.revision)]:
        email = emails.read(world, email_id)
        domains.add(email.from_address.partition("@")[2])
        about = f"{email.name}: " if job.members else ""
        found += [replace(each, where=about + each.where) for each in emails.proof(world, email, revision)]
    for domain in sorted(domains):
        found += findings_of(world.sender_domains.look(domain))
    return most_grave(found)


def of_audience(world: World, job: Preflight) -> Iterator[Finding]:
    if (job.segments or job.source) and not job.pending:
        message = "Nobody is pending: a broadcast would go to no one."
        yield Finding("warning", "nobody", "audience", message, "Choose other segments, or look at who is suppressed.")
    yield from _of_those_put_off(world, job)
    written = _written(world, job) if job.holes else []
    for called in sorted(job.holes, key=lambda each: (-job.holes[each], each)):
        yield _hole(job, called, written)
    if job.heaviest > CLIPPED and all(each.code != "clipped" for each in job.findings):
        kilobytes = job.heaviest / 1024
        message = f"The heaviest letter has {kilobytes:.0f} KB of HTML; Gmail shows 102 KB and hides the rest."
        yield Finding("warning", "clipped", "html", message, "Shorten it: the way out must not be in the hidden part.")


def of_family(world: World, job: Preflight) -> Iterator[Finding]:
    """Variants that nobody gets, tests without variants, and tests of too few to tell anything."""
    test = emails.read(world, job.email).test
    weights = variants(job.members) if job.members else {}
    if test is not None and len(weights) < 2:  # noqa: PLR2004  # one is no test
        message = "A test is set, but there is no variant: everybody gets the same at once."
        yield Finding("warning", "test_alone", "test", message, 'Make a variant (variant_of), or set "test": null.')
    for variant, weight in weights.items():
        if not weight:
            message = f"The variant {variant} has a weight of 0: nobody gets it."
            yield Finding("warning", "weight_zero", "weight", message, "Give it a weight, or delete it.")
    if len(weights) > 1:
        yield from _of_testers(job, test or SplitTest(), min(filter(None, weights.values())))


def of_quota(job: Preflight, quota: Quota) -> Iterator[Finding]:
    mails = job.mails or job.pending
    if quota.per_day >= 0 and mails > quota.per_day - quota.sent_today:
        left = max(0, round(quota.per_day - quota.sent_today))
        message = f"Today's quota has {left:,} mails left, {mails:,} are pending: the rest goes out on later days."
        yield Finding("warning", "quota", "audience", message, "Ask SES for a higher quota, or start in parts.")
    if not quota.sending_enabled:
        message = "SES has switched sending off for this account."
        yield Finding("error", "sending_off", "transport", message, "Look into the account's reputation in SES.")


def _of_those_put_off(world: World, job: Preflight) -> Iterator[Finding]:
    email = emails.read(world, job.email) if job.put_off else None
    if email is None:
        return
    if over := job.put_off.get("over_cap"):
        message = f"{over:,} of {job.pending:,} people have had as many letters as a frequency cap allows."
        yield _waiting("over_cap", email.over_cap, message)
    if asleep := job.put_off.get("quiet_hours"):
        message = f"{asleep:,} of {job.pending:,} people have quiet hours now."
        yield _waiting("quiet_hours", email.quiet_hours, message)


def _waiting(code: str, wait: Wait, message: str) -> Finding:
    """Whoever waits is noted; whoever is left out for good is warned of."""
    if wait == "skip":
        mend = "The e-mail leaves them out, for good: begin at another time, or let it wait for them."
        return Finding("warning", code, "audience", message, mend)
    return Finding("note", code, "audience", message, "They get it as soon as they may.")


def most_grave(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """All of them where they are not too many; else the gravest, and how many there are besides."""
    everything = list(found)
    if len(everything) <= MAX_FINDINGS:
        return tuple(everything)
    kept = sorted(everything, key=lambda each: LEVELS.index(each.level))[: MAX_FINDINGS - 1]
    message = f"There are {len(everything) - len(kept)} more findings than are shown here."
    return (*kept, Finding("note", "more", "letter", message, "Mend these first, and ask again."))


def _of_testers(job: Preflight, test: SplitTest, least: int) -> Iterator[Finding]:
    testers = round(job.pending * test.share / PERCENT * least / PERCENT)
    if job.pending and testers < FEW_TESTERS:
        message = f"The smallest variant goes to about {testers:,} recipients: what comes of it is mostly chance."
        mend = f"Test with a larger share, or with fewer variants: {FEW_TESTERS} in each tell something."
        yield Finding("note", "test_small", "test", message, mend)


def _hole(job: Preflight, called: str, written: Sequence[Source]) -> Finding:
    number, some = job.holes[called], ", ".join(job.samples.get(called, ())[:3])
    where, pending = _place(called, written), job.pending
    if called.startswith("{dynamiccontent"):
        message = f"{called} shows nothing for {number:,} of {pending:,} recipients (such as {some})."
        mend = "If they are to see something, write a content for everybody else into the block."
        return Finding("note", "hole", where, message, mend)
    message = f"{called} is empty for {number:,} of {pending:,} recipients (such as {some})."
    return Finding("warning", "hole", where, message, _mend(called))


def _mend(called: str) -> str:
    if called.startswith("{ownerfield"):
        return "Give these contacts an owner (owner_id) who has it, or take the token out."
    if "|" in called:
        return "Fill the field in: a date or a label has no default. Or show it in a block of dynamic content."
    return f"Write a default, such as {called[:-1]}|friend}}, or fill the field in."


def _place(called: str, written: Sequence[Source]) -> str:
    """Where the token first stands in what somebody wrote; the audience where it is not to be found."""
    found = _HOLE.match(called)
    if found is None:
        return "audience"
    token = re.compile(rf"(?:\{{|%7B){_NAMED[found['token']]}{re.escape(found['name'])}\b", re.IGNORECASE)
    for source in written:
        for each in token.finditer(source.text):
            rest = source.text[each.end() : each.end() + 2]
            # the same token with a default leaves no hole
            if not rest.startswith("|") or found["way"]:
                return f"{source.part}, {source.place(each.start())}"
    return "audience"


def _written(world: World, job: Preflight) -> list[Source]:
    """The texts of all members, as their authors edit them."""
    ids = [each.email for each in job.members] or [job.email]
    return [source for each in ids for source in _sources(emails.read(world, each), several=bool(job.members))]


def _sources(email: Email, *, several: bool) -> Iterator[Source]:
    about = f"{email.name}: " if several else ""
    for part in ("subject", "preheader", "from_name", "mjml", "html", "text"):
        yield Source(about + part, getattr(email, part))
    for number, block in enumerate(email.blocks):
        for place, content in ((f"variations[{n}].", each) for n, each in enumerate(block.variations)):
            yield Source(f"{about}blocks[{number}].{place}html", content.html)
            yield Source(f"{about}blocks[{number}].{place}text", content.text)
        yield Source(f"{about}blocks[{number}].html", block.html)
        yield Source(f"{about}blocks[{number}].text", block.text)
