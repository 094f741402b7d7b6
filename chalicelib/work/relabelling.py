"""Relabelling: once the rules have been improved, what was recorded before is judged by them too.

Verdicts stand with the facts that were counted by them, so each message's counters are corrected together with its
verdicts, in the transaction that `recording` uses: whoever does it again, or while hits come in, changes nothing.
A message to which something new comes is judged anew in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import dropwhile, islice

from chalicelib.model.chunk import Chunk
from chalicelib.model.errors import Conflict, NotFound
from chalicelib.model.ids import is_id
from chalicelib.model.message import MessageKey
from chalicelib.model.relabelling import Relabelling
from chalicelib.work.pages import every
from chalicelib.work.recording import put
from chalicelib.work.world import World

# 1,000 messages a step
CHUNKS = 20
RESERVE_MS = 10_000


def relabel(world: World, keys: Sequence[MessageKey]) -> int:
    """Judges these messages by the rules as they are now, and corrects verdicts and counters; how many it changed."""
    known = world.facts.read_many(keys)
    hit = {key: feedback for key, feedback in known.items() if feedback.has_hits}
    return put(world, hit, dict.fromkeys(hit, ()))


def begin(world: World, email_id: str) -> Relabelling:
    """A job over all messages of the e-mail's broadcasts. Raises NotFound, and Conflict for a template e-mail."""
    email = world.emails.read(email_id) if is_id(email_id) else None
    if email is None:
        raise NotFound(f"There is no e-mail {email_id[:60]!r}.", field="id")
    if email.kind == "template":
        raise Conflict(
            "A template e-mail has no broadcast to walk over.",
            field="kind",
            hint="What comes back about its messages is judged anew with each of them.",
        )
    job = Relabelling(world.new_id(), email.id, created_at=world.now())
    if not world.relabellings.create(job):
        raise Conflict(f"The id {job.id} is taken.", hint="Try again.")
    world.hints.relabel(job.id)
    return job


def read_job(world: World, job_id: str) -> Relabelling:
    job = world.relabellings.read(job_id) if is_id(job_id) else None
    if job is None:
        raise NotFound(f"There is no relabelling {job_id[:60]!r}.", field="id")
    return job


def run(world: World, job_id: str) -> None:
    """Goes on from where it stands until it is done or the time is up, and then hints itself.

    Each step is one write conditional on the row that it began from; a step that is done twice changes nothing more.
    """
    job = world.relabellings.read(job_id)
    while job is not None and job.state != "finished":
        if world.time_left() < RESERVE_MS:
            world.hints.relabel(job_id)
            return
        job = _step(world, job)


def _step(world: World, job: Relabelling) -> Relabelling | None:
    """The row behind this step; None where another worker has gone on from it."""
    chunks = list(islice(_chunks(world, job), CHUNKS))
    keys = [MessageKey(contact, chunk.family) for chunk in chunks for contact in chunk.contacts]
    done = len(chunks) < CHUNKS
    after = replace(
        job,
        state="finished" if done else "running",
        cursor=_place(chunks[-1]) if chunks else job.cursor,
        looked_at=job.looked_at + len(keys),
        changed=job.changed + relabel(world, keys),
        version=job.version + 1,
        finished_at=world.now() if done else None,
    )
    return after if world.relabellings.update(after, job.version) else None


def _chunks(world: World, job: Relabelling) -> Iterator[Chunk]:
    """All chunks of the e-mail's broadcasts behind the cursor, the newest broadcast first. One that is started
    meanwhile is passed over: its hits are judged by the new rules from the first on.
    """
    begun, walker, number = _read(job.cursor)
    for broadcast in _broadcasts(world, job.email, begun):
        for walk in world.broadcasts.walks(broadcast):
            if broadcast != begun or walk.number > walker:
                yield from world.chunks.between(broadcast, walk.number, 0, walk.chunks)
            elif walk.number == walker:
                yield from world.chunks.between(broadcast, walker, number + 1, walk.chunks)


def _broadcasts(world: World, email_id: str, first: str) -> Iterator[str]:
    """The newest first, from `first` on where it is given."""
    ids = (each.id for each in every(partial(world.broadcasts.of_email, email_id)))
    return dropwhile(lambda each: first not in ("", each), ids)


def _place(chunk: Chunk) -> str:
    return f"{chunk.broadcast} {chunk.walker} {chunk.number}"


def _read(cursor: str) -> tuple[str, int, int]:
    if not cursor:
        return "", 0, 0
    broadcast, walker, number = cursor.split(" ")
    return broadcast, int(walker), int(number)
