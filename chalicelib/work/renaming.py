"""Renaming a tag or a stage: the team's list at once, then each contact that has it, by a job that may stop anywhere.

A contact's change is conditional on its version and kept in its history; a step that is done twice changes nothing
more. Whoever is given the old name meanwhile, behind the walk, has it: the list then shows it again.

What names the old one by itself (a live segment's filter, an e-mail's dynamic content) would lose these people without
a word: while there is any, nothing is renamed. A filter can name both first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Any

from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.filter import conditions, parsed
from chalicelib.model.ids import is_id
from chalicelib.model.renaming import Renaming, What
from chalicelib.model.stage import Stage
from chalicelib.model.tag import Tag
from chalicelib.model.tagging import with_tags
from chalicelib.work import following, history, stages, tags
from chalicelib.work.pages import every
from chalicelib.work.words import Words
from chalicelib.work.world import World

# As many contacts as one write takes.
PAGE = 100
TRIES = 5
RESERVE_MS = 10_000
# Of what names the old one, as many are told.
TOLD = 5
WORDS: Mapping[What, Words[Any]] = MappingProxyType({"tag": tags.TAGS, "stage": stages.STAGES})
# The field that filters call it.
FIELDS: Mapping[What, str] = MappingProxyType({"tag": "tags", "stage": "stage"})


def begin(world: World, what: What, before: str, after: str, *, merge: bool = False, field: str = "name") -> Renaming:
    """The list has the new name alone when this returns; the contacts follow. With `merge` the new name may be there
    already: then both become one. Raises NotFound, Invalid (`field`), and Conflict: the name is taken, or something
    names the old one.
    """
    old = WORDS[what].read(world, before)
    name = _checked(what, after, field)
    if name == old.name:
        raise Invalid(field, after, "Give another name than it has.")
    _refuse_named(world, what, old.name)
    _put_on_list(world, what, old, name, merge=merge, field=field)
    by = world.actor.name or world.actor.kind
    job = Renaming(world.new_id(), what, old.name, name, by, created_at=world.now())
    if not world.renamings.create(job):
        raise Conflict(f"The id {job.id} is taken.", hint="Try again.")
    WORDS[what].shelf(world).delete(old.id, old.version)
    world.hints.rename(job.id)
    return job


def read(world: World, job_id: str) -> Renaming:
    job = world.renamings.read(job_id) if is_id(job_id) else None
    if job is None:
        raise NotFound(f"There is no renaming {job_id[:60]!r}.", field="id")
    return job


def run(world: World, job_id: str) -> None:
    """Goes on from where it stands until it is done or the time is up, and then hints itself."""
    job = world.renamings.read(job_id)
    while job is not None and job.state != "finished":
        if world.time_left() < RESERVE_MS:
            world.hints.rename(job_id)
            return
        job = _step(world, job)


def _step(world: World, job: Renaming) -> Renaming | None:
    """The row behind this step; None where another worker has gone on from it."""
    found, done = world.contacts.scan(0, 1, job.cursor, PAGE)
    after = replace(
        job,
        state="finished" if done else "running",
        cursor=found[-1].id if found else job.cursor,
        looked_at=job.looked_at + len(found),
        changed=job.changed + sum(_renamed(world, job, part) for part in _parts(found)),
        version=job.version + 1,
        finished_at=world.now() if done else None,
    )
    return after if world.renamings.update(after, job.version) else None


def _parts(found: Sequence[Contact]) -> Iterator[list[Contact]]:
    """About so many were asked for: a write takes no more."""
    rest = iter(found)
    while part := list(islice(rest, PAGE)):
        yield part


def _renamed(world: World, job: Renaming, found: Sequence[Contact]) -> int:
    """How many were changed. Those that somebody else writes meanwhile are read again."""
    left, count = [each for each in found if _has(each, job)], 0
    for _ in range(TRIES):
        if not left:
            return count
        pairs = [(each, _with_name(world, each, job)) for each in left]
        won = world.contacts.update_many(history.all_noted(world, pairs, job.by))
        count += len(won)
        lost = [each.id for each in left if each.id not in won]
        left = [each for each in world.contacts.read_many(lost).values() if _has(each, job)] if lost else []
    if left:
        raise Conflict(f"The contact {left[0].id} is changing too fast.", hint="The renaming goes on in a minute.")
    return count


def _has(contact: Contact, job: Renaming) -> bool:
    """What is left of a merged contact keeps its words."""
    held = contact.tags if job.what == "tag" else (contact.stage,)
    return contact.merged_into is None and job.before in held


def _with_name(world: World, contact: Contact, job: Renaming) -> Contact:
    changes: dict[str, Any] = {"stage": job.after}
    if job.what == "tag":
        changes = {"tags": with_tags(contact.tags, frozenset({job.after}), frozenset({job.before}))}
    return replace(contact, **changes, version=contact.version + 1, updated_at=world.now())


def _checked(what: What, name: str, field: str) -> str:
    checked = WORDS[what].spelt(name, field)
    if not checked:
        raise Invalid(field, name, "Give the stage a name.")
    return checked


def _put_on_list(world: World, what: What, old: Tag | Stage, name: str, *, merge: bool, field: str) -> None:
    shelf, now = WORDS[what].shelf(world), world.now()
    fresh = replace(old, name=name, version=1, created_at=now, updated_at=now)
    if not merge and (shelf.read(name) is not None or not shelf.create(fresh)):
        hint = "Choose another name, or say that both are to become one."
        raise Conflict(f"There is a {what} {name!r} already.", field=field, hint=hint)
    if merge and shelf.read(name) is None:
        shelf.create(fresh)


def _refuse_named(world: World, what: What, name: str) -> None:
    found = list(islice(_namers(world, what, name), TOLD + 1))
    if found:
        told = ", ".join(found[:TOLD]) + (" and others" if len(found) > TOLD else "")
        hint = "Let their filters name both, the old and the new one, and take the old one out afterwards."
        raise Conflict(f"These name the {what} {name!r} by themselves: {told}.", field="usage", hint=hint)


def _namers(world: World, what: What, name: str) -> Iterator[str]:
    """Live segments, and e-mails as they are written now: what is published keeps to what it was published with."""
    for segment in following.every(world):
        if segment.filter is not None and _is_named(segment.filter, FIELDS[what], name):
            yield f"the segment {segment.name!r}"
    for email in _emails(world):
        filters = (each.filter for block in email.blocks for each in block.variations)
        if any(_is_named(json.loads(each), FIELDS[what], name) for each in filters):
            yield f"the e-mail {email.name!r}"


def _is_named(tree: object, field: str, name: str) -> bool:
    values = (each.value for each in conditions(parsed(tree)) if each.field == field)
    named = (str(each) for value in values for each in (value if isinstance(value, tuple) else (value,)))
    return name.casefold() in {each.casefold() for each in named}


def _emails(world: World) -> Iterator[Email]:
    """Each with its dynamic content, which lies in a row of its own. Raises Conflict where the time is too short."""
    for each in every(world.emails.page):
        if world.time_left() < RESERVE_MS:
            raise Conflict("There are too many e-mails to look through.", hint="Delete those that nobody needs.")
        whole = world.emails.read(each.id)
        if whole is not None:
            yield whole
