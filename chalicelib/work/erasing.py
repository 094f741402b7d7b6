"""Erasing a person: what is left is numbers, a keyed hash under which nobody writes to them, and a receipt.

A job, each step of which may be done again. First the tombstone on the address: from then on no import, no call and no
member brings the contact back (`store/contacts.py` refuses it); then the suppression; then the contact itself, so that
nothing more begins; then what was sent and came back, which stays as numbers without words; then the lines and files of
imports. What was under way meanwhile is looked for once more, after lease and evidence window.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.model.contact import Contact
from chalicelib.model.counters import change
from chalicelib.model.erasure import Erasure, Place, with_removed
from chalicelib.model.errors import Conflict, NotFound
from chalicelib.model.feedback import Feedback, erased
from chalicelib.model.ids import is_id
from chalicelib.model.message import Message
from chalicelib.model.suppression import Suppression
from chalicelib.work import contacts, erased_files
from chalicelib.work.addresses import address_hash
from chalicelib.work.suppressing import PERSONAL, suppress
from chalicelib.work.world import World

RESERVE_MS = 15_000
ERASED = "The person was erased."
NOWHERE: Place = ("", "", "")


def begin(world: World, contact: Contact, source: str = "") -> Erasure:
    """The tombstone and the suppression stand before this returns; the rest is the job's. `source` names a message
    whose link was followed; without it whoever acts asked for it.
    """
    by = source or world.actor.name or world.actor.kind
    job = Erasure(world.new_id(), (contact.id,), (), (), by, created_at=world.now())
    job = _of_the_person(world, job, {contact.id: contact})
    if not world.erasures.create(job):
        raise Conflict(f"The id {job.id} is taken.", hint="Try again.")
    _barred(world, job)
    world.hints.erase(job.id)
    return job


def read(world: World, erasure_id: str) -> Erasure:
    job = world.erasures.read(erasure_id) if is_id(erasure_id) else None
    if job is None:
        raise NotFound(f"There is no erasure {erasure_id[:60]!r}.", field="id")
    return job


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Erasure], str | None]:
    """The newest first."""
    return world.erasures.page(limit, cursor)


def run(world: World, erasure_id: str) -> None:
    """Goes on from where it stands until it is done or the time is up. A worker that is doubled or killed removes
    nothing that should stay, and leaves nothing.
    """
    job = world.erasures.read(erasure_id)
    while job is not None and _is_due(world, job):
        if world.time_left() < RESERVE_MS:
            world.hints.erase(erasure_id)
            return
        job = STEPS[job.state](world, job)


def _is_due(world: World, job: Erasure) -> bool:
    return job.state in ("waiting", "running") or (job.state == "sweeping" and world.now() >= job.sweeps_at)


def _barred(world: World, job: Erasure) -> None:
    for each in job.hashes:
        world.contacts.entomb(each, job.contacts[0], job.created_at)
        suppress(world, Suppression(each, PERSONAL, f"erasure {job.id}", job.created_at))


def _of_the_person(world: World, job: Erasure, known: Mapping[str, Contact]) -> Erasure:
    """With all that the contacts took over, and both sides of a merge under way: a moment later they are one. `known`
    have been read.
    """
    merges = filter(None, map(world.merges.read, world.merges.open()))
    pairs = [{each.id, each.into} for each in merges]
    ids, found = list(job.contacts), dict(known)
    while more := _joined(ids, found.values(), pairs):
        ids += more
        found |= world.contacts.read_many(more)
    addresses = [each.address for each in found.values()]
    hashes = [address_hash(world, each) for each in addresses]
    return replace(
        job,
        contacts=tuple(ids),
        hashes=tuple(dict.fromkeys([*job.hashes, *hashes])),
        addresses=tuple(dict.fromkeys([*job.addresses, *addresses])),
    )


def _joined(ids: Sequence[str], contacts: Iterable[Contact], pairs: Iterable[set[str]]) -> list[str]:
    """Who belongs to these and is not among them yet."""
    absorbed = {each for contact in contacts for each in contact.absorbed}
    merging = {each for pair in pairs if not pair.isdisjoint(ids) for each in pair}
    return sorted((absorbed | merging).difference(ids))


def _people(world: World, job: Erasure) -> Erasure | None:
    """The first step: all that lies under the contacts' own ids. Whoever began a merge with them since stands in the
    receipt before anything goes.
    """
    whole = _of_the_person(world, job, {})
    named = job if whole == job else _stored(world, whole)
    if named is None:
        return None
    _barred(world, named)
    removed = with_removed(named.removed, _emptied(world, named))
    return _stored(world, named, state="running", removed=removed, emptied_at=world.now())


def _files(world: World, job: Erasure) -> Erasure | None:
    """The second: an import's lines and files at a time."""
    found = erased_files.step(world, job)
    if found is not None:
        place, removed = found
        return _stored(world, job, place=place, removed=with_removed(job.removed, removed))
    sweeps_at = world.now() + _longest_call(world)
    return _stored(world, job, state="sweeping", place=NOWHERE, sweeps_at=sweeps_at)


def _swept(world: World, job: Erasure) -> Erasure | None:
    """Once more; while an import or an export that may name them is still under way, later again. That is asked
    before the files are looked at: one that ends in between has a file that was not there yet.
    """
    waits = erased_files.under_way(world, job)
    _barred(world, job)
    removed = with_removed(job.removed, _emptied(world, job))
    for more in _rest(world, job):
        removed = with_removed(removed, more)
    if waits:
        later = world.now() + _longest_call(world)
        return _stored(world, job, place=NOWHERE, removed=removed, sweeps_at=later)
    finished = {"state": "finished", "addresses": (), "place": NOWHERE, "finished_at": world.now()}
    return _stored(world, job, removed=removed, **finished)


def _rest(world: World, job: Erasure) -> Iterator[erased_files.Removed]:
    while (found := erased_files.step(world, job)) is not None:
        yield found[1]
        job = replace(job, place=found[0])


STEPS = {"waiting": _people, "running": _files, "sweeping": _swept}


def _longest_call(world: World) -> int:
    timing = world.timing
    return timing.reading_age + timing.lease + timing.evidence_window + timing.skew


def _emptied(world: World, job: Erasure) -> dict[str, int]:
    removed: dict[str, int] = {}
    for contact_id in job.contacts:
        said, changed = world.consents.of_contact(contact_id), world.edits.of_contact(contact_id)
        gone = {"consents": len(said), "changes": len(changed), "contacts": _deleted(world, contact_id)}
        # what was written while the contact was being deleted
        world.consents.forget(contact_id)
        world.edits.forget(contact_id)
        removed = with_removed(with_removed(removed, gone), _worded(world, contact_id))
    return removed


def _deleted(world: World, contact_id: str) -> int:
    if world.contacts.read(contact_id) is None:
        return 0
    try:
        contacts.delete(world, contact_id)
    except NotFound:  # another worker was quicker
        return 0
    return 1


def _worded(world: World, contact_id: str) -> dict[str, int]:
    """Messages and what came back about them lose their words, and keep what is counted."""
    messages, feedback = world.messages.of_contact(contact_id)
    told = {each.message: each for each in feedback}
    for message in messages:
        told.setdefault(message.key, Feedback(message.key))
    changed = sum(_silenced(world, each) for each in messages)
    left = [each for each in told.values() if not each.erased]
    facts = sum(len(each.facts) for each in left)
    while left:
        lost = world.facts.write([change(each, erased(each)) for each in left])
        left = [each for each in lost.values() if not each.erased]
    return {"messages": changed, "facts": facts}


def _silenced(world: World, message: Message) -> bool:
    """One that still waits is not sent any more."""
    after = replace(message, tokens=(), reason="", body_hash="", kept="")
    if message.state == "waiting":
        after = replace(after, state="failed", reason=ERASED, due_at=None)
    if after == message or message.reason == ERASED:
        return False
    return world.messages.update(replace(after, version=message.version + 1), message.version)


def _stored(world: World, job: Erasure, **changes: object) -> Erasure | None:
    """The job under its next version; None where another worker has gone on from it."""
    after = replace(job, **changes, version=job.version + 1)  # type: ignore[arg-type]  # fields of Erasure
    return after if world.erasures.update(after, job.version) else None
