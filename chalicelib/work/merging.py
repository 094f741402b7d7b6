"""Merging: two contacts that are one person become one, and nobody gets a family twice for it.

A job, each step of which may be done again: (1) the one that goes is marked as merged, and no call takes it from then
on; (2) its messages are copied; (3) the one that stays takes it over, in one write that commits the merge; (4) lists,
suppressions and address follow. Where broadcasts are under way a call to the one that goes may have begun before (1):
what comes of it is known after lease and evidence window. Until then the one that stays is put off, and then (2) is
done once more.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.contact import MAX_LISTS, Contact
from chalicelib.model.errors import Conflict, Fault, Invalid, NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.merging import CARRIED, MAX_ABSORBED, Merge, combined
from chalicelib.model.message import MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.work import belonging, contacts, history
from chalicelib.work.addresses import address_hash
from chalicelib.work.suppressing import suppress
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

TRIES = 5


def begin(world: World, who: str, into: str) -> Merge:
    """Begins to merge the contact `who` into the contact `into`; asked for twice it is the same merge.

    Raises NotFound, Invalid (into itself), and Conflict: merged already, or one of them is just being merged.
    """
    goes, stays = contacts.read(world, who), _named(world, into)
    standing = world.merges.read(goes.id)
    if standing is not None and standing.into == stays.id and standing.state != "failed":
        return standing
    if goes.id == stays.id:
        raise Invalid("into", into, "Name another contact: nobody is merged into themselves.")
    contacts.living(goes)
    contacts.living(stays)
    if len(stays.absorbed) + len(goes.absorbed) >= MAX_ABSORBED:
        raise Conflict(f"The contact {stays.id} has taken over {len(stays.absorbed)} others.", field="into")
    by = world.actor.name or world.actor.kind
    job = Merge(goes.id, stays.id, by, created_at=world.now(), version=standing.version + 1 if standing else 1)
    if not (world.merges.update(job, standing.version) if standing else world.merges.create(job)):
        raise Conflict(f"The contact {goes.id} is just being merged.", field="contact", hint="Look at its merge.")
    world.hints.merge(job.id)
    return job


def read(world: World, who: str) -> Merge:
    """The merge of a contact that goes, or went."""
    contact_id = who if is_id(who) else contacts.read(world, who).id
    job = world.merges.read(contact_id)
    if job is None:
        raise NotFound(f"The contact {who[:60]} was not merged.", field="contact")
    return job


def run(world: World, merge_id: str) -> None:
    """Goes on with a merge from the beginning: what was done is found done. Doubled jobs do no harm."""
    job = world.merges.read(merge_id)
    if job is None or job.state in ("finished", "failed"):
        return
    try:
        _run(world, job)
    except Fault as fault:
        _failed(world, job.id, fault)


def _run(world: World, job: Merge) -> None:
    stays = survivor(world, job.into)
    if stays is not None and stays.id != job.into:  # the one that stays was merged into another meanwhile
        following = _stored(world, job, into=stays.id, state="waiting")
        if following is None:
            return
        job = following
    if _erased(world, job):
        raise NotFound("One of them was erased meanwhile.", field="contact")
    if job.state == "waiting":
        _marked(world, job)
        settles = world.now() + _longest_call(world) if world.broadcasts.open() else world.now()
        started = _stored(world, job, state="running", settles_at=settles)
        if started is None:
            return
        job = started
    if job.state == "running":
        copied = _copied(world, job)
        _taken_over(world, job)
        _followed(world, job)
        settling = _stored(world, job, state="settling", copied=copied)
        if settling is None:
            return
        job = settling
    if world.now() >= job.settles_at:
        copied = _copied(world, job)
        _released(world, job)
        _stored(world, job, state="finished", copied=copied, finished_at=world.now())


def _failed(world: World, merge_id: str, fault: Fault) -> None:
    """One of them was deleted meanwhile. The one that was to go stays as it was, unless it has been taken over, or is
    erased with the other: both were one person by then.
    """
    job = world.merges.read(merge_id)
    if job is None:
        return
    goes, stays = world.contacts.read(job.id), world.contacts.read(job.into)
    if goes is not None and stays is None and goes.merged_into == job.into and not _erased(world, job):
        back = replace(goes, merged_into=None, version=goes.version + 1, updated_at=world.now())
        world.contacts.update(history.noted(world, goes, back, f"merge {job.id}"), goes.version)
    _stored(world, job, state="failed", reason=fault.message, finished_at=world.now())


def _erased(world: World, job: Merge) -> bool:
    """Whether an erasure of either has begun: it looks for the merges under way behind its tombstones, and a merge for
    tombstones behind its row, so that one of them sees the other.
    """
    found = world.contacts.read_many([job.id, job.into]).values()
    return bool(world.contacts.erased([address_hash(world, each.address) for each in found]))


def _ends_in(world: World, goes: Contact, stays: Contact) -> bool:
    end = survivor(world, goes.id)
    return end is not None and end.id == stays.id


def _longest_call(world: World) -> int:
    """After this long whatever came of a call is known, or never will be."""
    timing = world.timing
    return timing.reading_age + timing.lease + timing.evidence_window + timing.skew


def _marked(world: World, job: Merge) -> None:
    for _ in range(TRIES):
        stays, goes = _both(world, job)
        if goes.merged_into is not None and _ends_in(world, goes, stays):
            return
        contacts.living(goes)
        after = replace(goes, merged_into=stays.id, version=goes.version + 1, updated_at=world.now())
        after = history.noted(world, goes, after, f"merge {job.id}")
        if world.contacts.update(after, goes.version):
            return
    raise _moved_on(job.id)


def _copied(world: World, job: Merge) -> int:
    """Messages of families that the one that stays has none of: how many. What failed reached nobody."""
    messages, _ = world.messages.of_contact(job.id)
    number = 0
    for message in messages:
        if message.key.sending or message.state == "failed":
            continue
        key = MessageKey(job.into, message.key.family)
        # the letter itself is read where it went
        copy = replace(message, key=key, due_at=None, of=message.of or job.id, kept="", tokens=(), version=1)
        standing = world.messages.claim(copy, None) or copy
        number += standing.of == copy.of
    return number


def _taken_over(world: World, job: Merge) -> None:
    for _ in range(TRIES):
        stays, goes = _both(world, job)
        after = combined(stays, goes, address_hash(world, goes.address), world.now())
        if after == stays:
            return
        if stays.merged_into is not None:
            break
        after = replace(after, version=stays.version + 1, updated_at=world.now())
        after = history.noted(world, stays, after, f"merge {job.id}")
        if world.contacts.update(after, stays.version):
            return
    raise _moved_on(job.into)


def _followed(world: World, job: Merge) -> None:
    stays, goes = _both(world, job)
    for each in sorted(goes.lists):
        _moved(world, job, each)
    _suppressed(world, stays, goes)
    for each in (address_hash(world, goes.address), *(former.hash for former in goes.former)):
        world.contacts.redirect(each, goes.id, stays.id)


def _moved(world: World, job: Merge, segment_id: str) -> None:
    """From list to list: the one that stays joins where it has room, the one that goes leaves."""
    by = f"merge {job.id}"
    if segment_id in world.segments.read_many([segment_id]):
        stays, _ = _both(world, job)
        if len(stays.lists) < MAX_LISTS or segment_id in stays.lists:
            belonging.put_member(world, segment_id, stays.id, by)
    belonging.remove_member(world, segment_id, job.id, by)


def _suppressed(world: World, stays: Contact, goes: Contact) -> None:
    """What was said of one address holds for the other, but for bounces."""
    own, others = address_hash(world, stays.address), address_hash(world, goes.address)
    standing = world.suppressions.read_many([own, others])
    for source, target in ((others, own), (own, others)):
        found = standing.get(source)
        if found is not None and found.reason in CARRIED:
            suppress(world, Suppression(target, found.reason, found.source, found.at))


def _released(world: World, job: Merge) -> None:
    for _ in range(TRIES):
        stays = world.contacts.read(job.into)
        if stays is None or job.id not in stays.settling:
            return
        after = replace(stays, settling=stays.settling - {job.id}, version=stays.version + 1)
        if world.contacts.update(after, stays.version):
            return
    raise _moved_on(job.into)


def _both(world: World, job: Merge) -> tuple[Contact, Contact]:
    """The one that stays, the one that goes."""
    found = world.contacts.read_many([job.id, job.into])
    for each in (job.id, job.into):
        if each not in found:
            raise NotFound(f"The contact {each} was deleted meanwhile.", field="contact")
    return found[job.into], found[job.id]


def _named(world: World, into: str) -> Contact:
    try:
        return contacts.read(world, into)
    except Fault as fault:
        fault.field = "into"
        raise


def _stored(world: World, job: Merge, **changes: object) -> Merge | None:
    """The job under its next version; None where another worker has gone on from it."""
    after = replace(job, **changes, version=job.version + 1)  # type: ignore[arg-type]  # fields of Merge
    return after if world.merges.update(after, job.version) else None


def _moved_on(contact_id: str) -> Exception:
    """Others keep writing: the queue brings the merge again."""
    return RuntimeError(f"The contact {contact_id} was changed meanwhile, again and again.")
