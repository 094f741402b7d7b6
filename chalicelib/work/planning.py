"""Planning: one walk over the audience, a committed page at a time.

A page is at most 98 chunks and the walk's new cursor in one transaction, conditional on the walk that it began
from: a job that is killed, doubled or overtaken plans nobody twice and loses nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from chalicelib.model.broadcast import Broadcast, Walk, moved
from chalicelib.model.chunk import CHUNK, PLACE_LETTERS, Chunk, planned_chunk
from chalicelib.model.errors import Invalid
from chalicelib.model.family import PERCENT, is_tested
from chalicelib.model.segment import Segment
from chalicelib.work import audience, broadcasting, feeding, hours, joining, judging, sources
from chalicelib.work.world import World

PAGE_CHUNKS = 98
PAGE = PAGE_CHUNKS * CHUNK
SCAN = 1_000


@dataclass(frozen=True, slots=True)
class Taken:
    """Contacts for a page: their ids, the cursor behind them, and whether nobody is left. `places` are those of the
    segments that brought them, by contact.
    """

    contacts: list[str]
    cursor: str
    done: bool
    places: Mapping[str, int] = field(default_factory=dict)


Take = Callable[[Walk], Taken]


def plan(world: World, broadcast_id: str, walker: int) -> None:
    """Commits pages until the walk is done or the time is up, and then hints itself."""
    broadcast = world.broadcasts.read(broadcast_id)
    if broadcast is None or broadcast.state != "planning":
        return
    segments = world.segments.read_many([*broadcast.segments, *broadcast.exclude])
    gone = [each for each in (*broadcast.segments, *broadcast.exclude) if each not in segments]
    if gone:
        broadcasting.halt(world, broadcast_id, f"Segment {gone[0]} was deleted while it was being planned.")
        return
    unkept = [each.name for each in segments.values() if broadcast.lists_only and not each.is_kept]
    if unkept:
        reason = f"The filter of {unkept[0]} was changed while it was being planned: resume when its size is known."
        broadcasting.halt(world, broadcast_id, reason)
        return
    try:
        take = _taker(world, broadcast, segments)
    except Invalid as fault:
        broadcasting.halt(world, broadcast_id, f"A segment's filter cannot be read. {fault.message}")
        return
    walk: Walk | None = world.broadcasts.walks(broadcast_id)[walker]
    while walk is not None and not walk.done:
        if world.time_left() < hours.pace(broadcast).reserve:
            world.hints.plan(broadcast_id, walker)
            return
        walk = _page(world, broadcast, walk, take)
    finish_planning(world, broadcast_id)


def is_due(broadcast: Broadcast, contact_id: str) -> bool:
    """Whether this round is for this contact: a test's part of the audience comes first, the rest get its winner."""
    if broadcast.test is None or broadcast.test.share == PERCENT:
        return True
    return is_tested(broadcast.family, contact_id, broadcast.test.share) == broadcast.tests


def finish_planning(world: World, broadcast_id: str) -> None:
    """The move planning -> sending once every walk is done."""
    broadcast = world.broadcasts.read(broadcast_id)
    if broadcast is None or broadcast.state != "planning":
        return
    if all(walk.done for walk in world.broadcasts.walks(broadcast_id)):
        after = replace(moved(broadcast, "planned"), walked=True, version=broadcast.version + 1)
        world.broadcasts.update(after, broadcast.version)
        world.hints.tend(broadcast_id)


def _page(world: World, broadcast: Broadcast, walk: Walk, take: Take) -> Walk | None:
    """The walk after one more page; None where another job has gone on from it."""
    taken = take(walk)
    contacts = joining.newcomers(world, broadcast, taken.contacts)
    chunks = _chunks(broadcast, walk, hours.parted(world, broadcast, contacts), taken.places)
    after = replace(
        walk,
        cursor=taken.cursor,
        page=world.new_id(),
        chunks=walk.chunks + len(chunks),
        planned=walk.planned + len(contacts),
        timed=walk.timed or any(chunk.due_at for chunk in chunks),
        done=taken.done,
        version=walk.version + 1,
        progressed_at=world.now(),
    )
    if not world.broadcasts.commit_page(broadcast, after, walk.version, chunks):
        return None
    return feeding.feed(world, broadcast, after, after.fed - after.settled)


def _chunks(
    broadcast: Broadcast, walk: Walk, groups: Sequence[tuple[int, list[str]]], places: Mapping[str, int]
) -> list[Chunk]:
    """`groups` are contacts by when they are due; nobody shares a chunk with those of another time."""
    parts = ((due, some[at : at + CHUNK]) for due, some in groups for at in range(0, len(some), CHUNK))
    return [
        _brought(planned_chunk(broadcast.id, broadcast.family, walk.number, walk.chunks + n, part, due_at=due), places)
        for n, (due, part) in enumerate(parts)
    ]


def _brought(chunk: Chunk, places: Mapping[str, int]) -> Chunk:
    """With the segments that brought its recipients."""
    letters = "".join(PLACE_LETTERS[places[each]] for each in chunk.contacts) if places else ""
    return replace(chunk, segments=letters)


def _taker(world: World, broadcast: Broadcast, segments: Mapping[str, Segment]) -> Take:
    source, pace = broadcast.source, hours.pace(broadcast)
    if source is not None:
        return lambda walk: Taken(*sources.taken(world, source, walk.cursor, pace.most, pace.reserve))
    if broadcast.lists_only:
        include, exclude = (audience.rosters(segments, each) for each in (broadcast.segments, broadcast.exclude))
        return lambda walk: _from_lists(broadcast, walk, audience.placed_walk(world, include, exclude, walk.cursor))
    setting = judging.of_segments(world, segments.values())
    brings = audience.bringing(segments, broadcast.segments, broadcast.exclude, setting)
    return lambda walk: _from_scan(world, broadcast, walk, brings)


def _from_lists(broadcast: Broadcast, walk: Walk, placed: Iterator[tuple[str, int]]) -> Taken:
    most = hours.pace(broadcast).most
    places = dict(islice(placed, most))
    contacts = [each for each in places if is_due(broadcast, each)]
    return Taken(contacts, next(reversed(places), walk.cursor), len(places) < most, places)


def _from_scan(world: World, broadcast: Broadcast, walk: Walk, brings: audience.Brings) -> Taken:
    """Scans until the page is full, this part of the scan is done or the time is up."""
    places: dict[str, int] = {}
    cursor, done, pace = walk.cursor, False, hours.pace(broadcast)
    while not done and len(places) < pace.most and world.time_left() >= pace.reserve:
        room = min(SCAN, pace.most - len(places))
        seen, done = world.contacts.scan(walk.number - broadcast.first_walk, broadcast.walkers, cursor, room)
        placed = ((each.id, brings(each)) for each in seen if each.merged_into is None)
        places |= {each: place for each, place in placed if place is not None and is_due(broadcast, each)}
        cursor = seen[-1].id if seen else cursor
    return Taken(list(places), cursor, done, places)
