"""Starting a broadcast, pausing, resuming, cancelling it, and saying how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType

from chalicelib.model.broadcast import ENDED, Broadcast, Move, State, Tally, Walk, moved, tallied
from chalicelib.model.chunk import Chunk
from chalicelib.model.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.model.schedule import When
from chalicelib.model.segment import MAX_CHOSEN, Segment
from chalicelib.work import audience, clearing, editions, emails, families, feeding, routing, timing, weighing
from chalicelib.work.world import World

SCAN_WALKERS = 4
RUNNING_STILL = "Wait for it, or cancel it: POST /v1/broadcasts/{}/cancel."
LOCKED: Mapping[State, str] = MappingProxyType(
    {
        "scheduled": RUNNING_STILL,
        "planning": RUNNING_STILL,
        "sending": RUNNING_STILL,
        "testing": RUNNING_STILL,
        "paused": RUNNING_STILL,
        "cancelled": "Its last calls are being settled: try again in two minutes.",
        "finished": "Some of its recipients are held in doubt: POST /v1/broadcasts/{}/held decides about them.",
    }
)
TRIES = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """A broadcast and its sums, read one after the other: the sums always add up to `planned`."""

    broadcast: Broadcast
    tally: Tally


def create(
    world: World,
    email_id: str,
    segments: Sequence[str] | None,
    exclude: Sequence[str] | None,
    when: When | None,
    *,
    skip_preflight: bool = False,
) -> Broadcast:
    """A broadcast of the published revision, at once or `when`; the e-mail's own segments by default, an edition's own
    audience where it has one. Its rate is as `set_rate` has it.

    Raises NotFound, Invalid (no such segment, none chosen, times or a rate that cannot be) and Conflict (a template
    e-mail, not published, another broadcast of the family still open, no finished pre-flight of these revisions
    and segments), TooLarge (a transport that is in use takes no such message).
    """
    broadcast = proposed(world, email_id, segments, exclude, when)
    if broadcast.at <= world.now():
        _refuse_locked(world, broadcast.family)
    if not skip_preflight:
        clearing.require(world, broadcast)
    weighing.check(world, broadcast)
    return begin(world, replace(broadcast, domains=clearing.domains(world, email_id)))


def proposed(
    world: World,
    email_id: str,
    segments: Sequence[str] | None,
    exclude: Sequence[str] | None,
    when: When | None,
) -> Broadcast:
    """The broadcast as `create` would store it. Raises NotFound, Invalid and Conflict as `create` does of what is asked
    for alone: neither other broadcasts nor pre-flights are looked at.
    """
    email = emails.published(world, email_id, "segment")
    members = families.members(world, email)
    now = world.now()
    source = editions.own_source(world, email, segments)
    broadcast = Broadcast(
        id=world.new_id(),
        email=email.id,
        family=email.family,
        revision=email.revision,
        segments=() if source else _chosen(world, "segments", email.segments if segments is None else segments),
        exclude=known(world, "exclude", email.exclude if exclude is None else exclude),
        at=now,
        created_at=now,
        members=members,
        test=families.test_of(email, members),
        category=email.category,
        over_cap=email.over_cap,
        quiet_hours=email.quiet_hours,
        source=source,
    )
    return timing.timed(broadcast, timing.within(when or When(), email, now), now)


def begin(world: World, broadcast: Broadcast) -> Broadcast:
    """Stores it, and starts it where it is due. Raises Conflict where another one of the family is not settled."""
    due = broadcast.at <= world.now()
    if due:
        _refuse_locked(world, broadcast.family)
    world.broadcasts.create(broadcast)
    return _at_once(world, broadcast) if due else broadcast


def _at_once(world: World, broadcast: Broadcast) -> Broadcast:
    """Started; Conflict where somebody else's began in between, and this one is not left to begin behind it."""
    started = start(world, broadcast)
    if started.state != "scheduled":
        return started
    ended = _cancelled_before_start(world, started, "Another broadcast of this e-mail was quicker.")
    if ended.state == "cancelled":
        _refuse_locked(world, broadcast.family)
    return ended


def start(world: World, broadcast: Broadcast) -> Broadcast:
    """The move scheduled -> planning, the walks and the family's lock in one transaction; then the first hints.

    Where another broadcast of the family holds the lock it stays scheduled, and the sweep tries again.
    """
    segments = world.segments.read_many([*broadcast.segments, *broadcast.exclude])
    gone = [each for each in (*broadcast.segments, *broadcast.exclude) if each not in segments]
    if gone:
        return _cancelled_before_start(world, broadcast, f"Segment {gone[0]} was deleted before the start.")
    try:
        weighing.check(world, broadcast)
    except TooLarge as fault:
        return _cancelled_before_start(world, broadcast, f"{fault.message} {fault.hint}")
    started = replace(_started(world, broadcast, "start", segments), started_at=world.now())
    return started if begin_round(world, started) else read(world, broadcast.id)


def begin_round(world: World, broadcast: Broadcast) -> bool:
    """The broadcast in planning, new walks and the family's lock in one transaction, and then the first hints."""
    broadcast = replace(broadcast, round_at=world.now())
    numbers = range(broadcast.first_walk, broadcast.first_walk + broadcast.walkers)
    before = {walk.number: walk.version for walk in world.broadcasts.walks(broadcast.id)}
    walks = [Walk(number=n, progressed_at=world.now(), version=before.get(n, 0) + 1) for n in numbers]
    if not world.broadcasts.start(broadcast, walks):
        return False
    for walk in walks:
        world.hints.plan(broadcast.id, walk.number)
    return True


def next_round(world: World, broadcast: Broadcast, move: Move) -> bool:
    """Another walk over the audience, for the rest behind a test or for whoever joined: what was planned stays as it
    is. Walks that planned nobody are walked again.
    """
    segments = world.segments.read_many([*broadcast.segments, *broadcast.exclude])
    gone = [each for each in (*broadcast.segments, *broadcast.exclude) if each not in segments]
    if gone:
        halt(world, broadcast.id, f"Segment {gone[0]} was deleted before the rest of the audience was planned.")
        return False
    walks = world.broadcasts.walks(broadcast.id)
    idle = not any(walk.chunks for walk in walks[broadcast.first_walk :])
    first = broadcast.first_walk if idle else len(walks)
    after = replace(
        _started(world, broadcast, move, segments), first_walk=first, walked=False, rounds=broadcast.rounds + 1
    )
    return begin_round(world, after)


def progress(world: World, broadcast_id: str) -> Progress:
    """Reads the walks and only those chunks that are under way: the settled ones are summed on their walk."""
    broadcast = read(world, broadcast_id)
    walks = world.broadcasts.walks(broadcast_id)
    return Progress(broadcast, tallied(broadcast, walks, _under_way(world, broadcast_id, walks)))


def under_way(world: World, broadcast_id: str) -> Iterator[Chunk]:
    """Lazily: the chunks that were hinted and are not settled for good and summed."""
    return _under_way(world, broadcast_id, world.broadcasts.walks(broadcast_id))


def _under_way(world: World, broadcast_id: str, walks: Sequence[Walk]) -> Iterator[Chunk]:
    for walk in walks:
        yield from world.chunks.between(broadcast_id, walk.number, walk.settled, walk.fed)


def pause(world: World, broadcast_id: str) -> Progress:
    """No call starts later than two seconds after this returns; calls that have begun finish and are counted."""
    apply(world, broadcast_id, "pause", lambda broadcast: replace(broadcast, reason=None))
    return progress(world, broadcast_id)


def halt(world: World, broadcast_id: str, reason: str) -> None:
    """The broadcast pauses by itself and says why. One that is paused or over already stays as it is."""
    with suppress(Conflict):
        apply(world, broadcast_id, "pause", lambda broadcast: replace(broadcast, reason=reason))


def resume(world: World, broadcast_id: str) -> Progress:
    broadcast = apply(world, broadcast_id, "resume", lambda broadcast: replace(broadcast, reason=None))
    routing.try_again(world, "broadcast")
    for walk in world.broadcasts.walks(broadcast_id):
        if not walk.done:
            world.hints.plan(broadcast_id, walk.number)
        feeding.feed_again(world, broadcast, walk)
    return progress(world, broadcast_id)


def cancel(world: World, broadcast_id: str, reason: str | None = None) -> Progress:
    """Whoever waits is cancelled; calls that have begun finish and are counted."""
    apply(world, broadcast_id, "cancel", lambda broadcast: replace(broadcast, ended_at=world.now(), reason=reason))
    world.hints.tend(broadcast_id)
    return progress(world, broadcast_id)


def set_rate(world: World, broadcast_id: str, rate: float | None) -> Progress:
    """Its own rate, below what the transports allow, from the next call on; None for none of its own. Raises NotFound,
    Invalid, and Conflict where it is over.
    """
    timing.refuse_rate(rate)
    for _ in range(TRIES):
        before = read(world, broadcast_id)
        if before.state in ENDED:
            raise Conflict(f"The broadcast is {before.state}.", field="state", hint="Only what still sends has a rate.")
        if world.broadcasts.update(replace(before, rate=rate, version=before.version + 1), before.version):
            return progress(world, broadcast_id)
    raise Conflict(f"Broadcast {broadcast_id} is changing too fast.", hint="Try again in a moment.")


def apply(world: World, broadcast_id: str, move: Move, change: Callable[[Broadcast], Broadcast]) -> Broadcast:
    """One move of the table and a change with it, conditional on what was read; Conflict where it is impossible."""
    for _ in range(TRIES):
        before = read(world, broadcast_id)
        after = change(replace(moved(before, move), version=before.version + 1))
        if world.broadcasts.update(after, before.version):
            return after
    raise Conflict(f"Broadcast {broadcast_id} is changing too fast.", hint="Try again in a moment.")


def read(world: World, broadcast_id: str) -> Broadcast:
    broadcast = world.broadcasts.read(broadcast_id)
    if broadcast is None:
        raise NotFound(f"There is no broadcast {broadcast_id!r}.", field="id")
    return broadcast


def _chosen(world: World, field: str, segments: Sequence[str]) -> tuple[str, ...]:
    if not segments:
        raise Invalid(field, list(segments), "Choose at least one segment, here or in the e-mail.")
    return known(world, field, segments)


def known(world: World, field: str, segments: Sequence[str]) -> tuple[str, ...]:
    """Each once; Invalid where one is not there, or they are too many."""
    unique = tuple(dict.fromkeys(segments))
    if len(unique) > MAX_CHOSEN:
        raise Invalid(field, len(unique), f"At most {MAX_CHOSEN} segments.")
    found = world.segments.read_many(unique)
    for each in unique:
        if each not in found:
            raise Invalid(field, each, "There is no such segment.")
    return unique


def _refuse_locked(world: World, family: str) -> None:
    holder = world.broadcasts.lock_holder(family)
    if holder is None:
        return
    state = read(world, holder).state
    raise Conflict(
        f"Broadcast {holder} of this e-mail is not settled: it is {state}.", hint=LOCKED[state].format(holder)
    )


def _started(world: World, broadcast: Broadcast, move: Move, segments: dict[str, Segment]) -> Broadcast:
    lists_only = audience.reads_as_lists(world, segments.values())
    return replace(
        moved(broadcast, move),
        lists_only=lists_only,
        walkers=1 if lists_only else SCAN_WALKERS,
        version=broadcast.version + 1,
    )


def _cancelled_before_start(world: World, broadcast: Broadcast, reason: str) -> Broadcast:
    now = world.now()
    after = replace(moved(broadcast, "cancel"), reason=reason, ended_at=now, closed=True, version=broadcast.version + 1)
    world.broadcasts.close(after, broadcast.version)
    return read(world, broadcast.id)
